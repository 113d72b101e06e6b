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

// How much of a room this person has read. It is known as of the room's message number `said`.
struct reading {
    std::uint64_t said = 0;         // messages that the room has had
    std::uint64_t seq = 0;          // the last event that counts as read
    std::uint64_t unread = 0;       // messages of others after it that were not deleted
    bool uncertain = false;         // `unread` may be wrong: it has to be counted, or asked for
    std::uint64_t own_unheard = 0;  // messages of one's own that were said and have not come yet
    std::uint64_t shrunk = 0;       // seq of the newest deletion that `unread` knows
    std::uint64_t confirmed = 0;    // the mark as the server has it
    std::uint64_t marked_at = 0;    // where the person's log stood at the newest mark known here
    bool mark_in_flight = false;
    std::uint64_t marked_ms = 0;  // when the last mark was sent
    std::uint64_t ask_at_ms = 0;  // when `counts` is due, if the copy cannot tell; 0: not yet
    bool counts_in_flight = false;

    // The mark of this page is newer than what the server has confirmed.
    bool is_ahead() const { return mark_in_flight || seq != confirmed; }
};

struct room {
    std::string title;
    bool joined = false;
    std::uint64_t told_at = 0;  // the room's top when the server last told whether it is joined
    bool direct = false;
    std::vector<std::string> people;  // of a direct room

    std::uint64_t epoch = 0;
    std::uint64_t head = 0;  // the newest event
    struct reading reading;

    // The copy. Events are applied only while `live`: those that come before the answer belong to
    // an earlier subscription.
    room_log log;
    subscription subscribed = subscription::none;
    std::uint64_t subscribe_id = 0;      // the newest that was sent: answers to others are old
    bool was_joined_when_asked = false;  // when it was
    bool filling_gap = false;
    std::uint64_t head_when_asked = 0;    // for what fills it
    std::uint64_t streamed_until_ms = 0;  // until then the server sends missing events by itself
    bool loading_page = false;
    bool nothing_older = false;  // the server has no older events, although oldest > 1

    // A visit begins when the page has to choose where it stands: at the first unread message while
    // the person catches up, otherwise at the end.
    std::uint64_t visit = 0;
    std::optional<std::uint64_t> new_after;  // the "New" line is after this seq
    bool catching_up = false;                // REQUIRES: `new_after` is set
    std::uint64_t seen = 0;                  // the newest event that was on the screen

    // Known only while the connection lasts.
    std::vector<typist> typing;
    std::uint64_t online = 0;
    std::vector<std::string> present;

    std::uint64_t unread() const { return joined ? reading.unread : 0; }
    bool behind() const { return subscribed == subscription::live && log.top() < head; }

    void begin_visit() {
        ++visit;
        seen = 0;
        catching_up = unread() > 0;
        new_after.reset();
        if (catching_up) new_after = reading.seq;
    }
    void drop_copy() {
        log = {};
        streamed_until_ms = 0;
        filling_gap = false;
        loading_page = false;
        nothing_older = false;
    }
    void connection_lost() {
        subscribed = subscription::none;
        streamed_until_ms = 0;
        filling_gap = false;
        loading_page = false;
        reading.mark_in_flight = false;
        reading.counts_in_flight = false;
        typing.clear();
        present.clear();
        online = 0;
    }
};

}  // namespace parley::state
