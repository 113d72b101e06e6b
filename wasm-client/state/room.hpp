// One room, as far as this browser knows it.
#pragma once

#include "wasm-client/state/room_log.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::state {

enum class subscription : std::uint8_t { none, requested, live };

struct typist {
    std::string user;
    std::uint64_t until_ms;
};

struct room {
    std::string title;
    bool joined = false;
    bool direct = false;

    // The newest event, and the last one that this person has read. Unread is the difference.
    std::uint64_t epoch = 0;
    std::uint64_t head = 0;
    std::uint64_t read = 0;
    std::uint64_t read_sent = 0;     // the last `read` that was sent to the server
    std::uint64_t read_sent_ms = 0;  // when it was sent

    // The copy. Events are applied only while `live`: those that come before the answer belong to
    // an earlier subscription.
    room_log log;
    subscription subscribed = subscription::none;
    bool filling_gap = false;
    std::uint64_t streamed_until_ms = 0;  // until then the server sends missing events by itself
    bool loading_older = false;
    bool nothing_older = false;              // the server has no older events, although oldest > 1
    std::optional<std::uint64_t> new_after;  // the "New" line is after this seq

    // Known only while the connection lasts.
    std::vector<typist> typing;
    std::uint64_t online = 0;
    std::vector<std::string> present;

    std::uint64_t unread() const { return joined && head > read ? head - read : 0; }
    bool has_older() const { return log.oldest() > 1 && !nothing_older && !log.full(); }
    bool behind() const {
        return subscribed == subscription::live && !log.empty() && log.top() < head;
    }

    // Joins and other notes never count as unread: moves the read mark past those that directly
    // follow it.
    void read_past_notes() {
        while (log.contains(read + 1) && log.at(read + 1).kind != protocol::event_kind::message)
            ++read;
    }

    void drop_copy() {
        log = {};
        streamed_until_ms = 0;
        filling_gap = false;
        loading_older = false;
        nothing_older = false;
    }
    void connection_lost() {
        subscribed = subscription::none;
        streamed_until_ms = 0;
        filling_gap = false;
        loading_older = false;
        typing.clear();
        present.clear();
        online = 0;
    }
};

}  // namespace parley::state
