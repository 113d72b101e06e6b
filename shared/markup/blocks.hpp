// The first pass: which lines are quotes, lists, fences, headings, tables and paragraphs. A line
// belongs to a quote or a list item only if it says so itself: there are no lazy continuations, so
// an answer below a quote is not part of it.
#pragma once

#include "shared/markup/pieces.hpp"

#include <string_view>
#include <vector>

namespace parley::markup {

struct block {
    piece_kind kind;  // a block, or the number or language of one
    std::uint8_t depth;
    range bytes;
    std::uint32_t first_line = 0, lines = 0;  // of `blocks::lines`: the text inside
};

struct blocks {
    std::vector<block> list;  // parents before their children
    // Lines without what stands before them, such as "> ". All but the last of a block contain
    // their line feed; lines that touch are one.
    std::vector<range> lines;
    std::size_t steps = 0;
    // The fence around the end of the text, which nothing closes; no ticks: there is none.
    struct {
        char sign;
        std::size_t ticks;
    } open_fence{};
};

blocks find_blocks(std::string_view text);

}  // namespace parley::markup
