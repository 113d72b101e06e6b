// A file that appears under its name only when it is whole and on disk: written as NAME.partial,
// synced, then renamed.
#pragma once

#include <filesystem>

namespace parley::storage {

class staged_file {
public:
    // Creates NAME.partial beside it, empty and for its owner alone. What an interrupted run left
    // there is overwritten; std::runtime_error when another run writes there now, or the directory
    // cannot be written.
    explicit staged_file(const std::filesystem::path& name);

    // Removes NAME.partial, unless it was published.
    ~staged_file();
    staged_file(const staged_file&) = delete;
    staged_file& operator=(const staged_file&) = delete;

    const std::filesystem::path& partial() const { return partial_; }

    // Both return when the new name is on disk. `publish` throws std::runtime_error when there is
    // such a file already; `replace` takes its place: whoever looks finds the old file or the new
    // one.
    void publish();
    void replace();

private:
    void rename(unsigned int flags);

    std::filesystem::path name_, partial_;
    int descriptor_;  // holds a lock for as long as this lives
    bool published_ = false;
};

// Renames and removals in this directory are on disk when it returns.
void sync_directory(const std::filesystem::path& directory);

}  // namespace parley::storage
