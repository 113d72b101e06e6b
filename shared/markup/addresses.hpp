// Where an address in a text ends, which addresses may be links, and whether a label hides where
// its link leads.
#pragma once

#include <cstddef>
#include <string_view>

namespace parley::markup {

struct address_bytes {
    std::size_t count;    // 0: there is none
    std::size_t scanned;  // bytes looked at
    bool may_link = true;
};

// The address with http or https that `rest` begins with. `open_signs`: signs of emphasis that were
// opened before it, and end it. In the label of a link it ends before "](".
address_bytes bare_address(std::string_view rest, std::string_view open_signs, bool in_label);

// The address that `rest` begins with, up to the ">" behind it.
address_bytes address_in_angles(std::string_view rest);

// The address that `rest` begins with, up to the ")" behind it; brackets inside are in pairs.
address_bytes address_in_brackets(std::string_view rest);

// Whether the label looks like another host than that of the address. Says so too often rather than
// too seldom: the page then shows the host.
bool disguises(std::string_view label, std::string_view address);

}  // namespace parley::markup
