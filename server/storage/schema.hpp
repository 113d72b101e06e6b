// The tables, in one place, and what a file must be before the server touches it.
#pragma once

#include "server/chat/identity.hpp"
#include "server/storage/database.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace parley::storage {

// Marks the file as ours (sqlite.org/pragma.html#pragma_application_id): "Prly".
inline constexpr std::uint64_t application_id = 0x50726c79;
inline constexpr std::uint64_t schema_version = 4;

// Who opened the lobby. No person can take that name.
inline constexpr std::string_view server_name = "parley";

enum class inspection : std::uint8_t {
    every_page,  // reads the whole file: 1.5 s for a GiB that is in memory, else as fast as the
                 // disk
    each_table   // the two ends of every table and index: as quick for gigabytes; misses damage in
                 // between
};

// Why a file cannot be used, in a line; and what whoever starts a server on it may do.
struct unusable_file : std::runtime_error {
    unusable_file(const std::string& fault, std::string what_to_do)
        : std::runtime_error(fault), advice(std::move(what_to_do)) {}
    std::string advice;
};

// Throws unusable_file unless this is ours, undamaged as far as it is inspected, and not newer than
// this program.
void check_schema(database& db, inspection how);

// Makes the tables in an empty file. Any other file must be ours, undamaged as far as it is
// inspected, and not newer than this program: otherwise std::runtime_error says what to do, and
// nothing was written.
void prepare_schema(database& db, base::time_ms now, inspection how);

}  // namespace parley::storage
