// Puts a backup in the place of a server's data.
#pragma once

#include "server/chat/identity.hpp"
#include "server/storage/backup.hpp"

#include <filesystem>
#include <optional>

namespace parley::storage {

struct restored {
    contents found;
    std::uint64_t epoch{};
    std::optional<std::filesystem::path> kept;  // where the data is that was replaced
};

// A crash at any moment leaves the old data or the new. All rooms get an epoch that no client has
// seen: clients drop their copies. Nobody is signed in any more. std::runtime_error, in one line
// that says what to do, when a server runs on this data, when there is data and `replace` is not
// set, or when the file is damaged, foreign or of a newer version: nothing has changed then.
restored restore(const std::filesystem::path& file, const std::filesystem::path& data, bool replace,
                 base::time_ms now, const database::copy_progress& told = {});

}  // namespace parley::storage
