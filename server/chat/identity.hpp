// Who a connection speaks for.
#pragma once

#include <cstdint>
#include <string>

namespace parley::chat {

using time_ms = std::uint64_t;  // since 1970-01-01T00:00:00Z
using time_us = std::uint64_t;  // of a clock that never goes back

struct identity {
    std::string user;     // obeys protocol::user_name
    std::string session;  // names the session it came with; empty for guests of one connection
    bool guest = true;
};

// The author of what unnamed plain-text clients say. No account can take it.
inline constexpr const char* unnamed_guest = "guest";

}  // namespace parley::chat
