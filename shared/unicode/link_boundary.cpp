// Finds ranges by binary search and brackets by a plain one: there are few.
#include "shared/unicode/link_boundary.hpp"

#include "shared/unicode/range_search.hpp"

namespace parley::unicode {

link_boundary link_boundary_of(char32_t code) {
    const auto* const range = find_range(boundary_ranges, code);
    if (!range) return link_boundary::none;
    return range->hard ? link_boundary::hard : link_boundary::soft;
}

std::optional<bracket> bracket_of(char32_t code) {
    for (std::size_t i = 0; i < bracket_pairs.size(); ++i)
        if (code == bracket_pairs[i].open || code == bracket_pairs[i].close)
            return bracket{.pair = i, .opens = code == bracket_pairs[i].open};
    return std::nullopt;
}

}  // namespace parley::unicode
