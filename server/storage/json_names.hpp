// Lists of names as JSON: what a statement takes many of in one value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace parley::storage {

std::string as_json(const std::vector<std::string>& names);

// What as_json has written, of names: none of their letters is escaped.
std::vector<std::string> names_in(std::string_view json);

}  // namespace parley::storage
