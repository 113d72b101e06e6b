// A web page's origin: as browsers send it, and as an operator writes it.
#pragma once

#include <string>
#include <string_view>

namespace parley::config {

// scheme://host[:port] in lower case, without the scheme's default port. Empty when it is no
// http(s) origin.
std::string normal_origin(std::string_view origin);

}  // namespace parley::config
