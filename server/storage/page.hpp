// A page of a room's log.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/storage/database.hpp"

namespace parley::storage {

chat::answer look_up(database& db, const chat::read_page& what);

}  // namespace parley::storage
