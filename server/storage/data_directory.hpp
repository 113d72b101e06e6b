// The directory that a server keeps everything in, held by one server at a time.
#pragma once

#include <cstdint>
#include <filesystem>

namespace parley::storage {

// Whose directory it may be.
enum class custody : std::uint8_t {
    own,            // of whoever runs this: a server's
    own_or_as_root  // root may also work on that of another user, and gives what it makes to them
};

class data_directory {
public:
    // Creates the directory (mode 0700) and an empty database file (0600) when they are missing,
    // and locks the directory. What others may write to is closed to them. std::runtime_error says
    // what to do when it or a file of the database belongs to another user, when it cannot be
    // written, or when another server holds it.
    explicit data_directory(const std::filesystem::path& path, custody whose = custody::own);
    ~data_directory();
    data_directory(const data_directory&) = delete;
    data_directory& operator=(const data_directory&) = delete;

    std::filesystem::path database_file() const { return path_ / "parley.db"; }
    std::filesystem::path lock_file() const { return path_ / "parley.lock"; }

    // Gives a file that is open to the owner of the directory: whoever works here as root does it
    // for them. std::runtime_error when that fails.
    void give_to_owner(int descriptor) const;

private:
    std::filesystem::path path_;
    int lock_ = -1;  // a descriptor: the kernel frees the lock however this process ends
};

// std::runtime_error when the database, or what SQLite keeps beside it, belongs to another user
// than its directory, or is a link.
void refuse_foreign_files(const std::filesystem::path& database);

}  // namespace parley::storage
