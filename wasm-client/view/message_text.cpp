// The words of the pieces stand in patches.hpp.
#include "wasm-client/view/message_text.hpp"

#include "shared/markup/parse.hpp"
#include "shared/protocol/emoji.hpp"

namespace parley::view {
namespace {

using markup::piece_kind;

piece_word word_of(piece_kind kind) {
    switch (kind) {
        case piece_kind::paragraph: return pieces::paragraph;
        case piece_kind::heading_1: return pieces::heading1;
        case piece_kind::heading_2: return pieces::heading2;
        case piece_kind::heading_3: return pieces::heading3;
        case piece_kind::quote: return pieces::quote;
        case piece_kind::bullets: return pieces::bullets;
        case piece_kind::numbers: return pieces::numbers;
        case piece_kind::item: return pieces::item;
        case piece_kind::fence: return pieces::fence;
        case piece_kind::table: return pieces::table;
        case piece_kind::row: return pieces::row;
        case piece_kind::cell: return pieces::cell;
        case piece_kind::bold: return pieces::bold;
        case piece_kind::italic: return pieces::italic;
        case piece_kind::strike: return pieces::strike;
        case piece_kind::spoiler: return pieces::spoiler;
        case piece_kind::code: return pieces::code;
        case piece_kind::link: return pieces::link;
        case piece_kind::disguised_link: return pieces::disguised;
        case piece_kind::text: return pieces::text;
        case piece_kind::number: return pieces::number;
        case piece_kind::language: return pieces::language;
        case piece_kind::address: return pieces::address;
        case piece_kind::bare_link: return pieces::bare;
        case piece_kind::mention: return pieces::mention;
        case piece_kind::room: return pieces::room;
    }
    return pieces::text;
}

}  // namespace

void write_message_text(json_writer& out, std::string_view text) {
    const std::size_t emoji = protocol::count_of_only_emoji(text);
    out.key(fields::large).flag(emoji > 0 && emoji <= large_emoji_max);
    out.key(fields::parts).open('[');
    for (const markup::piece& piece : markup::parse(text).pieces) {
        out.number(piece.depth).text(word_of(piece.kind).word);
        out.text(markup::is_leaf(piece.kind) ? piece.bytes.of(text) : "");
    }
    out.close(']');
}

}  // namespace parley::view
