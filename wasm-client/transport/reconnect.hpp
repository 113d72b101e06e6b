// The back-off after a lost connection: full jitter below bounds that double (AWS Architecture
// Blog, "Exponential backoff and jitter"), so that many pages do not return at the same moment.
// Pure.
#pragma once

#include "shared/protocol/limits.hpp"

#include <algorithm>
#include <cstdint>

namespace parley::transport {

class reconnect {
public:
    static constexpr std::uint64_t max_ms = protocol::limits::reconnect_max_ms;

    // Milliseconds to wait before the next attempt: `server_ms`, which the server demanded, and at
    // most `longest_ms` more.
    std::uint64_t next_delay_ms(std::uint32_t random, std::uint64_t server_ms,
                                std::uint64_t longest_ms = max_ms) {
        const std::uint64_t bound =
            std::min(first_ms << std::min(attempts_, doublings_max), std::min(longest_ms, max_ms));
        ++attempts_;
        return std::min(server_ms, max_ms) + bound * random / 0xFFFF'FFFFULL;
    }

    // The server sent `welcome`: the next loss begins with a short wait again.
    void succeeded() { attempts_ = 0; }

private:
    static constexpr std::uint64_t first_ms = protocol::limits::reconnect_first_ms;
    static constexpr unsigned doublings_max = 16;
    static_assert(first_ms << doublings_max >= max_ms);

    unsigned attempts_ = 0;
};

}  // namespace parley::transport
