// The write-ahead log at its full length from the start. While a file grows, each sync of it syncs
// the file system's own records of it too: that took twice as long, and twice the CPU (ext4, 20 KB
// a sync, 2026-11-25: 440 us and 122 us, instead of 215 us and 67 us). SQLite passes over what lies
// behind its last commit.
#pragma once

#include <cstdint>
#include <filesystem>

namespace parley::storage {

// Pages of 4 KiB that the log holds before they are copied into the database.
inline constexpr std::uintmax_t log_pages = 4096;

// sqlite.org/fileformat2.html, section 4.1: a header, then pages with a header each.
inline constexpr std::uintmax_t log_bytes = 32 + log_pages * (24 + 4096);

// Appends zeros, and syncs them. Where there is no room for them, the file stays as it was.
// REQUIRES: the file exists, and nobody writes to it.
void claim_log_space(const std::filesystem::path& log, std::uintmax_t bytes = log_bytes);

}  // namespace parley::storage
