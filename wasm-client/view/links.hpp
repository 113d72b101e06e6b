// Finds the links in a text. Only http and https; everything else stays text.
#pragma once

#include <string_view>
#include <vector>

namespace parley::view {

// More links than this in one message stay text.
inline constexpr std::size_t links_max = 100;

struct piece {
    std::string_view text;
    bool link = false;  // then `text` is also the address
};

// The pieces in order; joined they are `text` again, to the byte.
std::vector<piece> find_links(std::string_view text);

}  // namespace parley::view
