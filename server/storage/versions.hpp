// The wordings of a message.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/storage/database.hpp"

namespace parley::storage {

chat::answer_to<chat::read_versions> look_up(database& db, const chat::read_versions& wanted);

}  // namespace parley::storage
