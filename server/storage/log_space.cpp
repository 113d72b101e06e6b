// Zeros are written: space that is only reserved is marked so, and each first write to it changes
// the mark.
#include "server/storage/log_space.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

namespace parley::storage {
namespace {

constexpr std::uintmax_t written_at_once = 1024 * 1024;

bool append_zeros(int descriptor, std::uintmax_t from, std::uintmax_t to) {
    const std::string zeros(written_at_once, '\0');
    while (from < to) {
        const auto size = static_cast<std::size_t>(std::min(written_at_once, to - from));
        const ssize_t written = ::pwrite(descriptor, zeros.data(), size, static_cast<off_t>(from));
        if (written <= 0) return false;
        from += static_cast<std::uintmax_t>(written);
    }
    return ::fsync(descriptor) == 0;
}

}  // namespace

void claim_log_space(const std::filesystem::path& log, std::uintmax_t bytes) {
    const int descriptor = ::open(log.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) return;  // SQLite will say why
    const off_t size = ::lseek(descriptor, 0, SEEK_END);
    if (size >= 0 && !append_zeros(descriptor, static_cast<std::uintmax_t>(size), bytes)) {
        [[maybe_unused]] const int shrunk = ::ftruncate(descriptor, size);
    }
    ::close(descriptor);
}

}  // namespace parley::storage
