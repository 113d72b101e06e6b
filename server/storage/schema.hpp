// The tables, in one place, and what a file must be before the server touches it.
#pragma once

#include "server/chat/identity.hpp"
#include "server/storage/database.hpp"

#include <string_view>

namespace parley::storage {

// Marks the file as ours (sqlite.org/pragma.html#pragma_application_id): "Prly".
inline constexpr std::uint64_t application_id = 0x50726c79;
inline constexpr std::uint64_t schema_version = 1;

// The room that exists from the start, and who opened it. No person can take that name.
inline constexpr std::string_view lobby = "lobby";
inline constexpr std::string_view server_name = "parley";

// Makes the tables in an empty file. Any other file must be ours, whole, and not newer than this program: otherwise
// std::runtime_error says what to do, and nothing was written.
void prepare_schema(database& db, chat::time_ms now);

}  // namespace parley::storage
