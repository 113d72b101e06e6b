// Facts of the Unicode Character Database that this project needs, as sorted tables. They are
// generated at build by generate_tables.mjs and contain nothing of ASCII but its brackets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace parley::unicode {

// Punctuation, spaces and invisible characters: `count` of them from `first` on.
struct boundary_range {
    std::uint32_t first : 21;
    std::uint32_t count : 10;
    std::uint32_t hard : 1;  // 1: link_boundary::hard, 0: link_boundary::soft
};

inline constexpr std::size_t bracket_pairs_max = 96;

struct bracket_pair {
    char16_t open, close;
};

// Latin letters and digits in other forms: `count` characters from `first` on.
struct latin_range {
    std::uint32_t first : 21;
    std::uint32_t count : 10;
    std::uint32_t rising : 1;  // 1: `letters` is for `first`, and each next one has the next letter
    char letters[4];           // in a-z 0-9; empty for a combining mark
};

extern const std::span<const boundary_range> boundary_ranges;
extern const std::span<const bracket_pair> bracket_pairs;
extern const std::span<const latin_range> latin_ranges;

}  // namespace parley::unicode
