// The wordings of a message.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/storage/database.hpp"

namespace parley::storage {

chat::answer look_up(database& db, const chat::read_versions& wanted);

}  // namespace parley::storage
