// Everything that the page is about, as one value. Changed by reduce() alone.
#pragma once

#include "shared/protocol/messages.hpp"
#include "wasm-client/state/drafts.hpp"
#include "wasm-client/state/outbox.hpp"
#include "wasm-client/state/room.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace parley::state {

// Rooms whose copies are kept and kept up to date; the least recently opened is let go.
inline constexpr std::size_t kept_rooms_max = 8;
// A copy further behind than this is not worth closing the gap of: the newest page is read instead.
inline constexpr std::uint64_t far_behind_events = 400;
// The server sends what a resumed copy lacks by itself; after this much silence in between, it is
// asked.
inline constexpr std::uint64_t stream_patience_ms = 10'000;
inline constexpr std::size_t directory_rooms_max = 2'048;
inline constexpr std::size_t delayed_requests_max = 64;
inline constexpr std::size_t typists_max = 50;
// A lost connection is normal for a moment; after this long, people see it. So is a slow start.
inline constexpr std::uint64_t quiet_outage_ms = 4'000;
inline constexpr std::uint64_t quiet_start_ms = 3'000;
// A page that somebody looks at is back within 2 s of its server, unless the outage lasts: then a
// crowd of pages costs little, and people have a button.
inline constexpr std::uint64_t watched_wait_max_ms = 1'500;
inline constexpr std::uint64_t long_outage_ms = 10 * 60'000;
inline constexpr std::uint64_t watched_long_wait_max_ms = 10'000;
// The cookie of a session lapses unless HTTP renews it, however long the connection stays open.
inline constexpr std::uint64_t renewal_interval_ms = 24 * 60 * 60'000;
// So many handshakes in a row fail only where something refuses them, while HTTP is answered.
inline constexpr unsigned refused_handshakes_max = 3;

enum class stage : std::uint8_t { loading, signed_out, signed_in };
enum class connection : std::uint8_t { offline, connecting, online };

// The forms of the sign-in view.
struct account_form {
    bool busy = false;
    std::string problem;  // for people; empty when there is none
};

// Why there is no connection, as far as the page can see, and when it tries again.
struct reachability {
    std::uint64_t next_try_ms = 0;    // past while nothing is waited for
    bool asked_whoami = false;        // no answer yet
    bool unreachable = false;         // HTTP is not answered: no handshake before it is
    bool try_at_once = false;         // HTTP is answered again
    unsigned refused_handshakes = 0;  // in a row, each while HTTP was answered
    std::string cause;                // for people, with who can mend it; empty: not known
};

// Something to tell once. A new number makes the same words news again.
struct alert {
    std::uint64_t number = 0;
    std::string text;
};

// A line beside the composer. It goes when the person does something about it.
struct composer_note {
    std::string text;
    bool until_online = false;
};

// What stands in the composer now, each time that it is not what the person typed there.
struct composer_text {
    std::uint64_t number = 0;
    std::string text;
};

enum class dialog : std::uint8_t { none, new_room, browse };

struct new_room_form {
    bool busy = false;
    std::string problem;
    std::string existing;  // the room that has the name already
};

struct directory {
    bool complete = false;
    std::vector<protocol::room_summary> rooms;
    std::string problem;
};

struct delayed_request {
    std::uint64_t due_ms;
    protocol::request request;
};

// What the person at this page does, as far as others see it.
struct own_typing {
    std::string room;  // empty: not typing
    std::uint64_t told_ms = 0;
    std::uint64_t last_key_ms = 0;
};

struct model {
    stage at = stage::loading;
    bool guests = false;
    account_form form;
    std::string origin;           // of this page, as https://chat.example.org
    bool cookies = true;          // the browser keeps the session's
    bool session_is_new = false;  // signed in by a form of this page, not yet connected

    bool signing_out = false;
    std::string me;
    protocol::server_limits limits;
    alert latest_alert;
    composer_note note;
    dialog shown = dialog::none;
    new_room_form new_room;

    connection link = connection::offline;
    bool hello_sent = false;
    std::string barred;                          // why there is no coming back; empty: there is
    std::optional<std::uint64_t> lost_since_ms;  // or since the page started; nothing while online
    reachability server;
    std::uint64_t come_back_after_ms = 0;  // what the server's `bye` asked for
    std::uint64_t last_heard_ms = 0;
    std::uint64_t renewal_due_ms = 0;  // of the session's cookie, while the connection is open
    bool ping_sent = false;
    std::uint64_t next_id = 1;
    std::map<std::uint64_t, protocol::request> in_flight;
    std::vector<delayed_request> delayed;

    std::map<std::string, room> rooms;
    std::string open;               // the room on the screen; empty: none
    std::string wished;             // by the address; opened after the welcome
    std::vector<std::string> kept;  // most recently opened first
    directory browsed;
    bool page_visible = true;
    bool at_end = true;  // the newest row is on the screen

    state::drafts drafts;
    composer_text composer;
    outbox unsent;
    bool stored_loaded = false;  // what an earlier page left behind goes first
    std::uint64_t last_nonce_ms = 0;
    std::uint64_t said = 0;  // messages that were accepted from the composer
    std::uint64_t send_pause_until_ms = 0;
    own_typing typing;
};

inline room* find_room(model& model, const std::string& name) {
    const auto it = model.rooms.find(name);
    return it == model.rooms.end() ? nullptr : &it->second;
}
inline const room* find_room(const model& model, const std::string& name) {
    const auto it = model.rooms.find(name);
    return it == model.rooms.end() ? nullptr : &it->second;
}

inline bool wants_connection(const model& model) {
    return model.at == stage::signed_in && model.barred.empty();
}
inline bool is_seen(const model& model, const std::string& room) {
    return model.page_visible && model.at_end && model.open == room;
}

}  // namespace parley::state
