// Finds the range of a sorted table that contains a character.
#pragma once

#include "shared/unicode/tables.hpp"

#include <algorithm>

namespace parley::unicode {

// Null when no range contains it.
template <class Range>
const Range* find_range(std::span<const Range> ranges, char32_t code) {
    const auto after =
        std::upper_bound(ranges.begin(), ranges.end(), code,
                         [](char32_t wanted, const Range& range) { return wanted < range.first; });
    if (after == ranges.begin()) return nullptr;
    const Range& before = *(after - 1);
    return code - before.first < char32_t{before.count} ? &before : nullptr;
}

}  // namespace parley::unicode
