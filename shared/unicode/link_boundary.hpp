// Where a link in running text ends, whatever script the text is written in. Pure functions over
// tables that are made from the Unicode Character Database.
#pragma once

#include "shared/unicode/tables.hpp"

#include <optional>

namespace parley::unicode {

enum class link_boundary : std::uint8_t {
    none,
    soft,  // ends a link when nothing but such characters follows: general categories Pe and Po
    hard,  // ends a link wherever it stands: quotation marks, East Asian punctuation, whose next
           // sentence follows without a space, other spaces, and what nobody sees
};

// Of a character beyond ASCII that is no bracket; none for all others.
link_boundary link_boundary_of(char32_t code);

struct bracket {
    std::size_t pair;  // below bracket_pairs_max; the same for both ends
    bool opens;
};

// Nothing when the character is no bracket.
std::optional<bracket> bracket_of(char32_t code);

}  // namespace parley::unicode
