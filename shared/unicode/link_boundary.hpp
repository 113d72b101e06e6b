// Says where a link in running text ends, in any script. Pure functions over tables that are
// generated from the Unicode Character Database.
#pragma once

#include "shared/unicode/tables.hpp"

#include <optional>

namespace parley::unicode {

enum class link_boundary : std::uint8_t {
    none,
    soft,  // ends a link when only such characters follow: general categories Pe and Po
    hard,  // always ends a link: quotation marks, East Asian punctuation (the next sentence follows
           // it without a space), spaces and invisible characters
};

// For characters beyond ASCII that are no brackets; `none` for all others.
link_boundary link_boundary_of(char32_t code);

struct bracket {
    std::size_t pair;  // below bracket_pairs_max; the same for both ends
    bool opens;
};

// Nothing when the character is no bracket.
std::optional<bracket> bracket_of(char32_t code);

}  // namespace parley::unicode
