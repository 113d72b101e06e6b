// Who a message calls. The server decides at commit whom it rings, and the composer shows it
// beforehand: both by this function.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::markup {

enum class everyone : std::uint8_t {
    nobody,
    here,  // "@here": who is connected
    room,  // "@room" and the like: all members
};

struct mentioned {
    std::vector<std::string> names;  // lower-case, each once; a guest's with its sign
    everyone all = everyone::nobody;
};

// `exists` says whether somebody bears a name. Of "@ann.lee." the longest name that exists counts,
// of those that leave out only signs at its end. Code, quotes, links and addresses call nobody.
mentioned mentions(std::string_view text, const std::function<bool(const std::string&)>& exists);

}  // namespace parley::markup
