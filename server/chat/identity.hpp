// Who a connection speaks for.
#pragma once

#include <cstdint>
#include <string>

namespace parley::chat {

// Durations are measured by a clock that nobody sets. The machine's date is for what people and
// browsers see: when a message was sent, when a session expires.
using time_ms = std::uint64_t;    // the date: since 1970-01-01T00:00:00Z
using steady_ms = std::uint64_t;  // of the clock that nobody sets: its zero means nothing
using time_us = std::uint64_t;    // of the same clock

struct identity {
    std::string user;     // obeys protocol::person_name
    std::string session;  // names the session it came with; empty for guests of one connection
    bool guest = true;

    // False: a name for one connection, which nobody has proved. It has no list of rooms and no
    // read marks, and knows nothing of whoever had the name before.
    bool signed_in() const { return !guest || !session.empty(); }
};

// The author of what unnamed plain-text clients say. No account can take it.
inline constexpr const char* unnamed_guest = "~guest";

}  // namespace parley::chat
