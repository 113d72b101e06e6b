// The order is what makes it safe: the content is synced before the name, and the name before
// anyone hears of it.
#include "server/storage/staged_file.hpp"

#include "server/storage/file_owner.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace parley::storage {
namespace {

// What SQLite writes beside a file.
constexpr const char* besides[] = {"-wal", "-shm", "-journal"};

// mkdir(2) follows no link and takes nothing that is there already. What is there may be used when
// it is ours: a directory, or the file that older versions left.
std::filesystem::path create_directory(const std::filesystem::path& path) {
    if (::mkdir(path.c_str(), private_directory_mode) == 0) return path;
    if (errno != EEXIST) refuse_write(path, errno);
    std::error_code ignored;
    if (!std::filesystem::is_directory(std::filesystem::symlink_status(path, ignored))) {
        refuse_foreign_file(path, ::geteuid());
        if (::unlink(path.c_str()) != 0 || ::mkdir(path.c_str(), private_directory_mode) != 0)
            refuse_write(path, errno);
    }
    take_directory(path, ::geteuid());
    return path;
}

void remove_besides(const std::filesystem::path& file) {
    for (const char* const beside : besides) ::unlink((file.string() + beside).c_str());
}

int open_empty(const std::filesystem::path& path) {
    const int descriptor =
        ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, private_file_mode);
    if (descriptor < 0) refuse_write(path, errno);
    const bool locked = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0;
    if (locked && ::ftruncate(descriptor, 0) == 0 && ::fchmod(descriptor, private_file_mode) == 0) {
        remove_besides(path);
        return descriptor;
    }
    const int error = errno;
    ::close(descriptor);
    if (!locked) refuse_path(path.parent_path(), "another parley writes it now");
    refuse_write(path, error);
}

}  // namespace

void sync_directory(const std::filesystem::path& directory) {
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int error = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced) refuse_write(directory, error);
}

staged_file::staged_file(const std::filesystem::path& name)
    : name_(std::filesystem::absolute(name)),
      directory_(create_directory(name_.string() + ".partial")),
      partial_(directory_ / name_.filename()),
      descriptor_(open_empty(partial_)) {}

staged_file::~staged_file() {
    ::unlink(partial_.c_str());  // unless it was published
    remove_besides(partial_);
    ::rmdir(directory_.c_str());
    ::close(descriptor_);
}

void staged_file::publish() { rename(RENAME_NOREPLACE); }

void staged_file::replace() { rename(0); }

void staged_file::rename(unsigned int flags) {
    if (::fsync(descriptor_) != 0) refuse_write(partial_, errno);
    int result = ::renameat2(AT_FDCWD, partial_.c_str(), AT_FDCWD, name_.c_str(), flags);
    // Not every file system knows this flag: there, only the check when the work began protects an
    // older file.
    if (result != 0 && errno == EINVAL && !std::filesystem::exists(name_))
        result = ::rename(partial_.c_str(), name_.c_str());
    if (result != 0 && errno == EEXIST)
        refuse_path(name_, "exists already, and was not touched: choose another name");
    if (result != 0) refuse_write(name_, errno);
    sync_directory(name_.parent_path());
}

}  // namespace parley::storage
