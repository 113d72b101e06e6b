// A file that appears under its name only when it is whole and on disk: written in the directory
// NAME.partial, which nobody else may enter, then synced, then renamed. In a directory others may
// have prepared what SQLite looks for beside its file: a link, a journal, a write-ahead log.
#pragma once

#include <filesystem>

namespace parley::storage {

class staged_file {
public:
    // Creates NAME.partial beside it, and in that the file, empty and for its owner alone. What an
    // interrupted run of the same user left there is overwritten. std::runtime_error when another
    // run writes there now, it belongs to another user, or the directory cannot be written.
    explicit staged_file(const std::filesystem::path& name);

    // Removes NAME.partial.
    ~staged_file();
    staged_file(const staged_file&) = delete;
    staged_file& operator=(const staged_file&) = delete;

    const std::filesystem::path& partial() const { return partial_; }  // the file in it
    int descriptor() const { return descriptor_; }

    // Both return when the new name is on disk. `publish` throws std::runtime_error when there is
    // such a file already; `replace` takes its place: whoever looks finds the old file or the new
    // one.
    void publish();
    void replace();

private:
    void rename(unsigned int flags);

    std::filesystem::path name_, directory_, partial_;
    int descriptor_;  // holds a lock for as long as this lives
};

// Renames and removals in this directory are on disk when it returns.
void sync_directory(const std::filesystem::path& directory);

}  // namespace parley::storage
