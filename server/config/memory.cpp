// Control groups: https://docs.kernel.org/admin-guide/cgroup-v2.html, memory.max; of version 1:
// memory.limit_in_bytes. The machine's memory comes from a system call, because ProcSubset=pid
// hides /proc/meminfo from a service.
#include "server/config/memory.hpp"

#include <sys/sysinfo.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <string>

namespace parley::config {
namespace {

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
constexpr std::size_t limit_max = std::size_t{1} << 50;  // version 1 writes nearly 2^63 for none

// The number at the start of the file. No limit if there is none ("max"), or no file.
std::size_t limit_in(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::uint64_t bytes = 0;
    return in >> bytes ? static_cast<std::size_t>(bytes) : no_limit;
}

// The line "0::/a/b" names the group; in a container it is "/".
std::filesystem::path group(const std::filesystem::path& root) {
    std::ifstream in(root / "proc/self/cgroup");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("0::/")) return line.substr(4);
    return {};
}

}  // namespace

std::optional<std::size_t> machine_memory_bytes() {
    struct sysinfo machine {};
    if (::sysinfo(&machine) != 0 || machine.totalram == 0) return std::nullopt;
    return std::size_t{machine.totalram} * machine.mem_unit;
}

std::optional<std::size_t> memory_bytes(std::optional<std::size_t> machine,
                                        const std::filesystem::path& root) {
    const std::filesystem::path groups = root / "sys/fs/cgroup";
    std::size_t least = std::min(machine.value_or(no_limit), limit_in(groups / "memory.max"));
    least = std::min(least, limit_in(groups / "memory/memory.limit_in_bytes"));
    std::filesystem::path at = groups;
    for (const auto& part : group(root)) {
        at /= part;
        least = std::min(least, limit_in(at / "memory.max"));
    }
    if (least > limit_max) return std::nullopt;
    return least;
}

}  // namespace parley::config
