// The order is what makes it safe: the content is synced before the name, and the name before
// anyone hears of it.
#include "server/storage/staged_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace parley::storage {
namespace {

constexpr mode_t private_file = 0600;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& why) {
    throw std::runtime_error(path.string() + ": " + why);
}

[[noreturn]] void refuse(const std::filesystem::path& path, int error) {
    refuse(path, "cannot be written (" + std::generic_category().message(error) + ")");
}

int open_empty(const std::filesystem::path& path) {
    const int descriptor =
        ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, private_file);
    if (descriptor < 0) refuse(path, errno);
    const bool locked = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    if (locked && ::ftruncate(descriptor, 0) == 0 && ::fchmod(descriptor, private_file) == 0)
        return descriptor;
    const int error = errno;
    ::close(descriptor);
    if (!locked) refuse(path, "another parley writes it now");
    refuse(path, error);
}

}  // namespace

void sync_directory(const std::filesystem::path& directory) {
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int error = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) refuse(directory, error);
}

staged_file::staged_file(const std::filesystem::path& name)
    : name_(std::filesystem::absolute(name)),
      partial_(name_.string() + ".partial"),
      descriptor_(open_empty(partial_)) {}

staged_file::~staged_file() {
    if (!published_) ::unlink(partial_.c_str());
    ::close(descriptor_);
}

void staged_file::publish() { rename(RENAME_NOREPLACE); }

void staged_file::replace() { rename(0); }

void staged_file::rename(unsigned int flags) {
    if (::fsync(descriptor_) != 0) refuse(partial_, errno);
    int result = ::renameat2(AT_FDCWD, partial_.c_str(), AT_FDCWD, name_.c_str(), flags);
    // Not every file system knows this flag: there, only the check when the work began protects an
    // older file.
    if (result != 0 && errno == EINVAL && !std::filesystem::exists(name_))
        result = ::rename(partial_.c_str(), name_.c_str());
    if (result != 0 && errno == EEXIST)
        refuse(name_, "exists already, and was not touched: choose another name");
    if (result != 0) refuse(name_, errno);
    published_ = true;
    sync_directory(name_.parent_path());
}

}  // namespace parley::storage
