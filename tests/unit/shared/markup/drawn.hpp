// Shows pieces so that a test can say them in a line: "p(one b(two) link(label =https://...))".
#pragma once

#include "shared/markup/parse.hpp"

#include <algorithm>
#include <string>

namespace parley::markup {

inline const char* short_name(piece_kind kind) {
    switch (kind) {
        case piece_kind::paragraph: return "p";
        case piece_kind::heading_1: return "h1";
        case piece_kind::heading_2: return "h2";
        case piece_kind::heading_3: return "h3";
        case piece_kind::quote: return "quote";
        case piece_kind::bullets: return "ul";
        case piece_kind::numbers: return "ol";
        case piece_kind::item: return "li";
        case piece_kind::fence: return "fence";
        case piece_kind::table: return "table";
        case piece_kind::row: return "tr";
        case piece_kind::cell: return "td";
        case piece_kind::bold: return "b";
        case piece_kind::italic: return "i";
        case piece_kind::strike: return "s";
        case piece_kind::spoiler: return "spoiler";
        case piece_kind::code: return "code";
        case piece_kind::link: return "link";
        case piece_kind::disguised_link: return "disguised";
        case piece_kind::text: return "";
        case piece_kind::number: return "#";
        case piece_kind::language: return "lang:";
        case piece_kind::address: return "=";
        case piece_kind::bare_link: return "url:";
        case piece_kind::mention: return "at:";
        case piece_kind::room: return "room:";
    }
    return "?";
}

// A paragraph that is all of a text is shown without "p()".
inline std::string drawn(std::string_view text) {
    const auto pieces = parse(text).pieces;
    std::string out;
    std::size_t depth = 0;
    for (const piece& piece : pieces) {
        for (; depth > piece.depth; --depth) out += ')';
        if (!out.empty() && out.back() != '(') out += ' ';
        out += short_name(piece.kind);
        if (is_leaf(piece.kind))
            out += piece.kind == piece_kind::text ? "'" + std::string(piece.bytes.of(text)) + "'"
                                                  : std::string(piece.bytes.of(text));
        else
            out += '(';
        depth = piece.depth + (is_leaf(piece.kind) ? 0u : 1u);
    }
    for (; depth > 0; --depth) out += ')';
    const bool is_one_paragraph =
        out.starts_with("p(") && pieces.size() > 1 &&
        std::count_if(pieces.begin(), pieces.end(),
                      [](const piece& piece) { return piece.depth == 0; }) == 1;
    return is_one_paragraph ? out.substr(2, out.size() - 3) : out;
}

}  // namespace parley::markup
