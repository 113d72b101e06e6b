// What must be loaded into the working set before a command can be judged. Pure.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/chat/working_set.hpp"

#include <string>
#include <vector>

namespace parley::chat {

void add_keys(row_keys& keys, const command& each);

// All people of a direct room, sorted: whoever opens it and the others.
std::vector<std::string> people_of(const std::string& opener, std::vector<std::string> others);

}  // namespace parley::chat
