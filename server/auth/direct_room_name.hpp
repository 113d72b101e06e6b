// The name of a direct room is a hash of its people's names.
#pragma once

#include <string>
#include <vector>

namespace parley::auth {

// The same for the same people, and for nobody else. REQUIRES: they are sorted.
std::string direct_room_name(const std::vector<std::string>& people);

}  // namespace parley::auth
