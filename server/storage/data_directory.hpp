// The directory that a server keeps everything in, held by one server at a time.
#pragma once

#include <filesystem>

namespace parley::storage {

class data_directory {
public:
    // Creates the directory (mode 0700) and an empty database file (0600) when they are missing,
    // and locks the directory. std::runtime_error says what to do when it cannot be written, or
    // another server holds it.
    explicit data_directory(const std::filesystem::path& path);
    ~data_directory();
    data_directory(const data_directory&) = delete;
    data_directory& operator=(const data_directory&) = delete;

    std::filesystem::path database_file() const { return path_ / "parley.db"; }
    std::filesystem::path lock_file() const { return path_ / "parley.lock"; }

private:
    std::filesystem::path path_;
    int lock_;  // a descriptor: the kernel frees the lock however this process ends
};

}  // namespace parley::storage
