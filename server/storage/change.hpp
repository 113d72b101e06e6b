// One transaction of the writer, and what its commit reports.
#pragma once

#include "server/chat/commit.hpp"
#include "server/chat/identity.hpp"
#include "server/storage/database.hpp"
#include "server/storage/room_row.hpp"

#include <string>
#include <unordered_map>

namespace parley::storage {

struct change {
    database& db;
    chat::time_ms now;
    std::unordered_map<std::string, room_row> rooms{};  // by name: those that were asked for
    chat::commit news{};
};

}  // namespace parley::storage
