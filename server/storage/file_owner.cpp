// Users are told by number: names may come from a network that does not answer.
#include "server/storage/file_owner.hpp"

#include "server/log/log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace parley::storage {
namespace {

constexpr mode_t writable_by_others = S_IWGRP | S_IWOTH;
constexpr mode_t rights_of_owner = S_IRWXU;

[[noreturn]] void refuse_foreign(const std::filesystem::path& path, uid_t found, uid_t owner) {
    refuse_path(path, "belongs to another user (uid " + std::to_string(found) + " instead of " +
                          std::to_string(owner) +
                          "): remove it, or chown it if you know what it is");
}

}  // namespace

void refuse_path(const std::filesystem::path& path, const std::string& why) {
    throw std::runtime_error(path.string() + ": " + why);
}

void refuse_write(const std::filesystem::path& path, int error) {
    refuse_path(path, "cannot be written (" + std::generic_category().message(error) + ")");
}

uid_t owner_of(const std::filesystem::path& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0)
        refuse_path(path, "cannot be read (" + std::generic_category().message(errno) + ")");
    return found.st_uid;
}

void refuse_foreign_file(const std::filesystem::path& file, uid_t owner) {
    struct stat found {};
    if (::lstat(file.c_str(), &found) != 0) return;
    if (S_ISLNK(found.st_mode)) refuse_path(file, "is a link: put the file itself there");
    if (!S_ISREG(found.st_mode)) refuse_path(file, "is no regular file: move it away");
    if (found.st_uid != owner) refuse_foreign(file, found.st_uid, owner);
}

void take_directory(const std::filesystem::path& path, uid_t owner) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0) refuse_write(path, errno);
    struct stat found {};
    const bool ours = ::fstat(descriptor, &found) == 0 && found.st_uid == owner;
    const bool is_private = ours && ::fchmod(descriptor, private_directory_mode) == 0;
    const int error = errno;
    ::close(descriptor);
    if (!ours) refuse_foreign(path, found.st_uid, owner);
    if (!is_private) refuse_write(path, error);
}

void close_to_others(const std::filesystem::path& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0 || (found.st_mode & writable_by_others) == 0) return;
    if (::chmod(path.c_str(), found.st_mode & rights_of_owner) != 0) refuse_write(path, errno);
    log::warn("others could write here: now only the owner can", {{"path", path.string()}});
}

}  // namespace parley::storage
