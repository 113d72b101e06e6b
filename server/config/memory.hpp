// How much memory there is to divide.
#pragma once

#include <cstddef>
#include <filesystem>

namespace parley::config {

// Of the machine, or of the control group that this process is in, or one around it, where that is
// less; in bytes. `root`: where /proc and /sys are.
std::size_t memory_bytes(const std::filesystem::path& root = "/");

}  // namespace parley::config
