// What must be loaded into the working set before a command can be judged. Pure.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/chat/working_set.hpp"

namespace parley::chat {

void add_keys(row_keys& keys, const command& each);

}  // namespace parley::chat
