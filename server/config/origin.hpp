// What a web page's origin looks like: as browsers send it, and as an operator writes it.
#pragma once

#include <string>
#include <string_view>

namespace parley::config {

// scheme://host[:port] in lower case with the scheme's default port left out; empty when it is no
// http(s) origin.
std::string normal_origin(std::string_view origin);

}  // namespace parley::config
