// The number of descriptors that the server needs besides its connections.
#pragma once

#include <cstddef>

namespace parley::config {

// A loop has epoll, its wake-up and its timer.
inline constexpr std::size_t descriptors_per_loop = 3;
inline constexpr std::size_t descriptors_of_streams = 3;  // 0 to 2
inline constexpr std::size_t descriptors_of_signals = 2;  // Asio's pipe
inline constexpr std::size_t descriptors_of_listener = 1;
// The lock, the index of the write-ahead log, and two files for each of four connections to the
// database: the writer, two readers, the background check.
inline constexpr std::size_t descriptors_of_ledger = 2 + 4 * 2;
// Files that are open for a moment: journals, certificates, files of --static, /proc.
inline constexpr std::size_t descriptors_of_short_use = 8;

// A page opens several connections at once, so fewer are of no use.
inline constexpr std::size_t connections_least = 8;

constexpr std::size_t descriptors_besides_connections(std::size_t shards) {
    return (shards + 1) * descriptors_per_loop + descriptors_of_streams + descriptors_of_signals +
           descriptors_of_listener + descriptors_of_ledger + descriptors_of_short_use;
}

// With fewer the server does not start.
constexpr std::size_t descriptors_least(std::size_t shards) {
    return descriptors_besides_connections(shards) + connections_least;
}

}  // namespace parley::config
