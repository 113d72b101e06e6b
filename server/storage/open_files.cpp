// SQLite can be asked too (SQLITE_FCNTL_HAS_MOVED), but about the database alone and not about its
// write-ahead log.
#include "server/storage/open_files.hpp"

#include <sys/stat.h>

namespace parley::storage {

open_files::open_files(std::vector<std::filesystem::path> files) {
    for (auto& file : files) {
        struct stat found {};
        if (::stat(file.c_str(), &found) == 0)
            all_.push_back({std::move(file), found.st_dev, found.st_ino});
    }
}

std::string open_files::find_missing() const {
    for (const known& one : all_) {
        struct stat found {};
        const bool there = ::stat(one.file.c_str(), &found) == 0;
        if (there && found.st_dev == one.device && found.st_ino == one.inode) continue;
        return one.file.filename().string() + (there ? " was replaced" : " was removed") +
               " under the running server: put it back, or stop the server and restore a backup";
    }
    return "";
}

}  // namespace parley::storage
