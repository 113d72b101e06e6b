// Notices when a file that is open is no longer the one of that name: someone has removed it or put
// another in its place, and what is still written to it will be gone.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace parley::storage {

class open_files {
public:
    // The files as they are now. REQUIRES: they exist, and are open already.
    explicit open_files(std::vector<std::filesystem::path> files = {});

    // In one line, what is no longer there; empty: nothing. Any thread.
    std::string find_missing() const;

private:
    struct known {
        std::filesystem::path file;
        dev_t device;
        ino_t inode;
    };
    std::vector<known> all_;
};

}  // namespace parley::storage
