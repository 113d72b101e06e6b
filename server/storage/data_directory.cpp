// flock(2) rather than a pid file: it cannot go stale.
#include "server/storage/data_directory.hpp"

#include "server/storage/file_owner.hpp"
#include "server/storage/staged_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace parley::storage {
namespace {

int open_or_create(const std::filesystem::path& file) {
    const int descriptor =
        ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, private_file_mode);
    if (descriptor < 0)
        refuse_path(file, "cannot be written (" + std::generic_category().message(errno) +
                              "): choose another data directory");
    return descriptor;
}

void create_private(const std::filesystem::path& path) {
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    if (!failed && ::mkdir(path.c_str(), private_directory_mode) == 0)
        return sync_directory(path.parent_path());  // what is in it is synced later, one by one
    if (!failed && errno != EEXIST) failed = std::error_code(errno, std::generic_category());
    if (!failed && !std::filesystem::is_directory(path))
        failed = std::make_error_code(std::errc::not_a_directory);
    if (failed)
        refuse_path(path,
                    "cannot be created (" + failed.message() + "): choose another data directory");
}

// The database, and what SQLite writes beside it.
constexpr const char* besides[] = {"", "-wal", "-shm", "-journal"};

}  // namespace

// While others could write to the directory, they may have put a write-ahead log there for the
// server to play into its data, or a link for it to write to.
void refuse_foreign_files(const std::filesystem::path& database) {
    const uid_t owner = owner_of(database.parent_path());
    for (const char* const beside : besides) refuse_foreign_file(database.string() + beside, owner);
}

data_directory::data_directory(const std::filesystem::path& path, custody whose)
    : path_(std::filesystem::absolute(path).lexically_normal()) {
    if (!path_.has_filename()) path_ = path_.parent_path();  // "data/" is "data"
    create_private(path_);
    const bool for_another = whose == custody::own_or_as_root && ::geteuid() == 0;
    if (const uid_t owner = owner_of(path_); !for_another && owner != ::geteuid())
        refuse_path(path_, "belongs to another user (uid " + std::to_string(owner) +
                               "): start this as that user, or choose another data directory");
    close_to_others(path_);
    refuse_foreign_files(database_file());
    refuse_foreign_file(lock_file(), owner_of(path_));
    for (const char* const beside : besides) close_to_others(database_file().string() + beside);
    const int file = open_or_create(database_file());
    lock_ = open_or_create(lock_file());
    if (for_another) {
        give_to_owner(file);
        give_to_owner(lock_);
    }
    ::close(file);
    if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
    ::close(lock_);
    refuse_path(
        path_, "another server is running on this data: stop it, or choose another data directory");
}

data_directory::~data_directory() { ::close(lock_); }

void data_directory::give_to_owner(int descriptor) const {
    struct stat owner {};
    if (::geteuid() != 0 || ::stat(path_.c_str(), &owner) != 0) return;
    if (::fchown(descriptor, owner.st_uid, owner.st_gid) != 0)
        refuse_path(path_, "what was made in it cannot be given to its owner");
}

}  // namespace parley::storage
