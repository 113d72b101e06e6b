// flock(2) rather than a pid file: it cannot go stale.
#include "server/storage/data_directory.hpp"

#include "server/storage/staged_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
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

int open_or_create(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, private_file);
    if (descriptor < 0)
        refuse(file, "cannot be written (" + std::generic_category().message(errno) +
                         "): choose another data directory");
    return descriptor;
}

void create_private(const std::filesystem::path& path) {
    std::error_code failed;
    std::filesystem::create_directories(path.parent_path(), failed);
    if (!failed && std::filesystem::create_directory(path, failed)) {
        std::filesystem::permissions(path, std::filesystem::perms::owner_all, failed);
        sync_directory(path.parent_path());  // what is in it is synced later, one by one
    }
    if (!failed && !std::filesystem::is_directory(path))
        failed = std::make_error_code(std::errc::not_a_directory);
    if (failed)
        refuse(path, "cannot be created (" + failed.message() + "): choose another data directory");
}

}  // namespace

data_directory::data_directory(const std::filesystem::path& path)
    : path_(std::filesystem::absolute(path).lexically_normal()) {
    if (!path_.has_filename()) path_ = path_.parent_path();  // "data/" is "data"
    create_private(path_);
    ::close(open_or_create(database_file()));
    lock_ = open_or_create(lock_file());
    if (::flock(lock_, LOCK_EX | LOCK_NB) == 0) return;
    ::close(lock_);
    refuse(path_,
           "another server is running on this data: stop it, or choose another data directory");
}

data_directory::~data_directory() { ::close(lock_); }

}  // namespace parley::storage
