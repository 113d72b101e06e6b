// How much memory there is to divide.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>

namespace parley::config {

// As sysinfo(2) says; none where it does not.
std::optional<std::size_t> machine_memory_bytes();

// Of the machine, or of the control group that this process is in, or one around it, where that is
// less; in bytes. None: neither is known. `root`: where /proc and /sys are.
std::optional<std::size_t> memory_bytes(std::optional<std::size_t> machine = machine_memory_bytes(),
                                        const std::filesystem::path& root = "/");

}  // namespace parley::config
