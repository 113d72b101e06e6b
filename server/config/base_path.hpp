// The path that the page lives under, where the server shares its host with others.
#pragma once

#include <string>
#include <string_view>

namespace parley::config {

// Of letters, digits and . _ ~ - between slashes, as /chat/; the last slash is added where it is
// missing. Empty when `text` is no such path.
std::string normal_base_path(std::string_view text);

}  // namespace parley::config
