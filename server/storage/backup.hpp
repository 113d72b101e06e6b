// A consistent copy of a server's data in one file, while the server runs; and what to make of such
// a file.
#pragma once

#include "server/storage/database.hpp"

#include <filesystem>

namespace parley::storage {

struct contents {
    std::uint64_t rooms{}, events{}, bytes{};
};

// Writes `file` anew, for its owner alone; it is there when it is whole, checked and on disk, or
// not at all. The server is not held up; its write-ahead log grows until the copy is made.
// std::runtime_error, in one line, when there is such a file, there is no data, it is damaged, or
// the disk does not take it.
contents back_up(const std::filesystem::path& data, const std::filesystem::path& file,
                 const database::copy_progress& told = {});

// How the data of a directory is opened by who is not its server. std::runtime_error when there is
// none, or it is not ours.
database open_data(const std::filesystem::path& data);

// std::runtime_error when it is one of those that a server keeps its data in, or a restore works
// with.
void refuse_own_file(const std::filesystem::path& file, const std::filesystem::path& data);

// Copies into an empty file, which then needs no other beside it.
void copy_alone(database& from, const std::filesystem::path& empty,
                const database::copy_progress& told);

contents contents_of(database& db, const std::filesystem::path& file);

}  // namespace parley::storage
