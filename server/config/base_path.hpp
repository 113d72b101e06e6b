// The path of the page, where the server shares its host with others.
#pragma once

#include <string>
#include <string_view>

namespace parley::config {

// Letters, digits and . _ ~ - between slashes, as /chat/; a missing last slash is added. Empty when
// `text` is no such path.
std::string normal_base_path(std::string_view text);

}  // namespace parley::config
