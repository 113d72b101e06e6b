// What is true of the pieces of any text: tests and the fuzzer look for a text that breaks it.
#pragma once

#include "shared/markup/mentions.hpp"
#include "shared/markup/parse.hpp"
#include "shared/markup/plain_text.hpp"
#include "shared/protocol/text.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace parley::markup {

// Steps that a byte may cost, whatever the text.
inline constexpr std::size_t steps_a_byte_max = 16;
// Lists and their items, a quote, a leaf, emphasis, a link, code, text.
inline constexpr std::size_t depth_max = 2 * block_depth_max + 3 + inline_depth_max + 3;

class promise_check {
public:
    explicit promise_check(std::string_view text) : text_(text), parsed_(parse(text)) {}

    // Null: all are kept.
    const char* broken() {
        if (parsed_.pieces.size() > pieces_max) return "too many pieces";
        if (parsed_.steps > steps_a_byte_max * (text_.size() + 1)) return "too many steps";
        for (const piece& piece : parsed_.pieces)
            if (const char* broken = broken_by(piece)) return broken;
        if (links_ > links_max) return "too many links";
        if (mentions_ > mentions_max) return "too many mentions";
        if (!only_signs(shown_to_, text_.size())) return "text at the end is lost";
        if (!is_text(plain_text(text_, parsed_.pieces))) return "plain text is no text";
        return nullptr;
    }

private:
    const char* broken_by(const piece& piece) {
        const auto [begin, end] = piece.bytes;
        if (begin > end || end > text_.size()) return "a piece is outside of the text";
        if (piece.depth > around_.size() || piece.depth > depth_max) return "a piece is too deep";
        around_.resize(piece.depth);
        if (!around_.empty() && is_leaf(around_.back().kind)) return "a leaf has pieces inside";
        for (const auto& parent : around_)
            if (begin < parent.bytes.begin || end > parent.bytes.end)
                return "a piece is outside of its parent";
        if (begin < shown_to_) return "pieces overlap";
        around_.push_back(piece);
        links_ += piece.kind == piece_kind::bare_link || piece.kind == piece_kind::address;
        mentions_ += piece.kind == piece_kind::mention;
        if (!is_leaf(piece.kind)) return nullptr;
        if (!only_signs(shown_to_, begin)) return "text is lost";
        shown_to_ = end;
        return is_text(piece.bytes.of(text_)) ? nullptr : "a character is cut";
    }

    bool only_signs(std::size_t begin, std::size_t end) const {
        return text_.substr(begin, end - begin).find_first_not_of(" \t\r\n*_~|`#>[]()<-+.:\\") ==
               std::string_view::npos;
    }
    bool is_text(std::string_view bytes) const {
        return protocol::is_utf8(bytes) || !protocol::is_utf8(text_);
    }

    std::string_view text_;
    parsed parsed_;
    std::vector<piece> around_;
    std::size_t shown_to_ = 0, links_ = 0, mentions_ = 0;
};

}  // namespace parley::markup
