// The tables, in one place, and what a file must be before the server touches it.
#pragma once

#include "server/chat/identity.hpp"
#include "server/storage/database.hpp"

#include <cstdint>
#include <string_view>

namespace parley::storage {

// Marks the file as ours (sqlite.org/pragma.html#pragma_application_id): "Prly".
inline constexpr std::uint64_t application_id = 0x50726c79;
inline constexpr std::uint64_t schema_version = 1;

// Who opened the lobby. No person can take that name.
inline constexpr std::string_view server_name = "parley";

enum class inspection : std::uint8_t {
    every_page,  // reads the whole file: 1.5 s for a GiB that is in memory, else as fast as the disk
    each_table   // the two ends of every table and index: as quick for gigabytes; misses damage in between
};

// Makes the tables in an empty file. Any other file must be ours, undamaged as far as it is inspected, and not newer
// than this program: otherwise std::runtime_error says what to do, and nothing was written.
void prepare_schema(database& db, chat::time_ms now, inspection how);

}  // namespace parley::storage
