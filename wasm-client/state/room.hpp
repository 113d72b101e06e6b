// What this browser knows of one room.
#pragma once

#include "wasm-client/state/room_log.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::state {

enum class subscription : std::uint8_t { none, asked, live };

struct typist {
    std::string user;
    std::uint64_t until_ms;
};

struct room {
    std::string title;
    bool joined = false;
    bool direct = false;

    // How far the room has come, and how far this person has read. Unread is a subtraction.
    std::uint64_t epoch = 0;
    std::uint64_t head = 0;
    std::uint64_t read = 0;
    std::uint64_t read_told = 0;  // what the server was told, and when
    std::uint64_t read_told_ms = 0;

    // The copy. Events count only while `live`: what comes before the answer belongs to an earlier
    // subscription.
    room_log log;
    subscription subscribed = subscription::none;
    bool filling_gap = false;
    std::uint64_t streamed_until_ms =
        0;  // until then the server is trusted to send what is missing by itself
    bool loading_older = false;
    bool nothing_older = false;              // retention ended the log above seq 1
    std::optional<std::uint64_t> new_after;  // the "New" line stands after this seq

    // Signs of life, forgotten with the connection.
    std::vector<typist> typing;
    std::uint64_t online = 0;
    std::vector<std::string> present;

    std::uint64_t unread() const { return joined && head > read ? head - read : 0; }
    bool has_older() const { return log.oldest() > 1 && !nothing_older && !log.full(); }
    bool behind() const {
        return subscribed == subscription::live && !log.empty() && log.top() < head;
    }

    // What is no message waits for nobody: where reading stands before it, it stands behind it.
    void read_past_notes() {
        while (log.holds(read + 1) && log.at(read + 1).kind != protocol::event_kind::message)
            ++read;
    }

    void drop_copy() {
        log = {};
        streamed_until_ms = 0;
        filling_gap = loading_older = nothing_older = false;
    }
    void connection_lost() {
        subscribed = subscription::none;
        streamed_until_ms = 0;
        filling_gap = loading_older = false;
        typing.clear();
        present.clear();
        online = 0;
    }
};

}  // namespace parley::state
