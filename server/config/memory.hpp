// How much memory this process may use.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

namespace parley::config {

// From sysinfo(2); none if that fails.
std::optional<std::size_t> machine_memory_bytes();

// In bytes: the machine's memory, or the limit of this process's control group or one around it, if
// that is less. None: neither is known. `root`: the directory that contains proc and sys.
std::optional<std::size_t> memory_bytes(std::optional<std::size_t> machine = machine_memory_bytes(),
                                        const std::filesystem::path& root = "/");

}  // namespace parley::config
