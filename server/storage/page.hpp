// Pages and runs of a room's log, and what of it is unread. Read-only.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/chat/working_set.hpp"
#include "server/storage/database.hpp"

#include <cstdint>
#include <string>

namespace parley::storage {

chat::answer_to<chat::read_page> look_up(database& db, const chat::read_page& wanted);
chat::answer_to<chat::read_run> look_up(database& db, const chat::read_run& wanted);

// Messages of others after `read` that were not deleted.
std::uint64_t count_unread(database& db, const chat::room_row& room, const std::string& user,
                           const chat::read_position& read);

}  // namespace parley::storage
