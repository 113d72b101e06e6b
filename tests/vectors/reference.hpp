// shared/PROTOCOL.md, from the declarations.
#pragma once

#include <string>

namespace parley::vectors {

std::string reference();

}  // namespace parley::vectors
