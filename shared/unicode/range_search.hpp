// Finds the range of a sorted table that holds a character.
#pragma once

#include "shared/unicode/tables.hpp"

#include <algorithm>

namespace parley::unicode {

// Null when no range holds it.
template <class Range>
const Range* find_range(std::span<const Range> ranges, char32_t code) {
    const auto after =
        std::upper_bound(ranges.begin(), ranges.end(), code,
                         [](char32_t wanted, const Range& one) { return wanted < one.first; });
    if (after == ranges.begin()) return nullptr;
    const Range& before = *(after - 1);
    return code - before.first < char32_t{before.count} ? &before : nullptr;
}

}  // namespace parley::unicode
