// What a message consists of when its markup is read: a flat list of pieces over the stored text,
// parents before their children. Both ends make it by parse() and show nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace parley::markup {

// What goes beyond a limit stays literal text; it is never an error.
inline constexpr std::size_t block_depth_max = 3;   // quotes and lists inside each other
inline constexpr std::size_t inline_depth_max = 4;  // bold, italic, strike and spoiler
inline constexpr std::size_t links_max = 100;
inline constexpr std::size_t mentions_max = 50;
inline constexpr std::size_t pieces_max = 2'000;
inline constexpr std::size_t table_columns_max = 20;
inline constexpr std::size_t table_rows_max = 100;  // below the header
inline constexpr std::size_t code_ticks_max = 32;   // around inline code
inline constexpr std::size_t list_digits_max = 9;
inline constexpr std::size_t language_bytes_max = 32;  // after the opening of a fence

enum class piece_kind : std::uint8_t {
    // Blocks. A list contains items, a table rows, a row cells; the first row is the header.
    paragraph,
    heading_1,
    heading_2,
    heading_3,
    quote,
    bullets,
    numbers,
    item,
    fence,
    table,
    row,
    cell,
    // Inline, with pieces inside. A link has its label and then its address.
    bold,
    italic,
    strike,
    spoiler,
    code,
    link,
    disguised_link,  // its label looks like another host: the host must be shown beside it
    // Without pieces inside. What no such piece covers is a sign of markup, and is not shown.
    text,
    number,    // of a list item, as it was typed, without the dot
    language,  // of a fence
    address,   // of a link
    bare_link,
    mention,  // with its sign: "@ann", "@~gus", "@room"
    room,     // with its sign: "#lobby"
};

constexpr bool is_leaf(piece_kind kind) { return kind >= piece_kind::text; }
constexpr bool is_block(piece_kind kind) { return kind <= piece_kind::cell; }

// Bytes of a text, without the one at `end`.
struct range {
    std::uint32_t begin, end;

    bool empty() const { return begin == end; }
    std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
};

struct piece {
    piece_kind kind;
    std::uint8_t depth;  // number of pieces around it
    range bytes;         // with the signs of its own markup
};

struct parsed {
    std::vector<piece> pieces;
    std::size_t steps = 0;  // work done, which grows in line with the text: the tests see to it
};

}  // namespace parley::markup
