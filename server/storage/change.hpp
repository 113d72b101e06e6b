// One transaction of the writer, and what is to be told once it is on disk.
#pragma once

#include "server/chat/broadcast.hpp"
#include "server/chat/identity.hpp"
#include "server/storage/database.hpp"
#include "server/storage/room_row.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace parley::storage {

struct change {
    database& db;
    chat::time_ms now;
    std::unordered_map<std::string, room_row> rooms{};  // by name: those that were asked for
    std::vector<chat::committed> events{};
    std::vector<std::string> ended_sessions{};
    std::vector<std::string> taken_names{};
};

}  // namespace parley::storage
