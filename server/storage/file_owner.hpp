// Files and directories that somebody else prepared: what another user owns is refused, and what
// others may write to is closed to them.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace parley::storage {

inline constexpr mode_t private_file_mode = 0600;
inline constexpr mode_t private_directory_mode = 0700;

[[noreturn]] void refuse_path(const std::filesystem::path& path, const std::string& why);

// The last words are those of the system's error.
[[noreturn]] void refuse_write(const std::filesystem::path& path, int error);

// Who owns it. std::runtime_error when it is not there.
uid_t owner_of(const std::filesystem::path& path);

// std::runtime_error, in one line that says what to do, when the file is there and is a link, no
// regular file, or of another user than this one.
void refuse_foreign_file(const std::filesystem::path& file, uid_t owner);

// The same for a directory; it is private afterwards.
void take_directory(const std::filesystem::path& path, uid_t owner);

// When others may write to it, takes all rights from them, and logs that. REQUIRES: no link.
void close_to_others(const std::filesystem::path& path);

}  // namespace parley::storage
