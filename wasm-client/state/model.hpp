// The state of the page as one value. Only reduce() changes it.
#pragma once

#include "shared/protocol/messages.hpp"
#include "wasm-client/state/drafts.hpp"
#include "wasm-client/state/outbox.hpp"
#include "wasm-client/state/personal.hpp"
#include "wasm-client/state/room.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace parley::state {

// At most so many rooms have a copy that is kept up to date; the least recently opened loses it.
inline constexpr std::size_t kept_rooms_max = 8;
// For a copy that is further behind than this, the newest page is read instead of the gap.
inline constexpr std::uint64_t far_behind_events = 400;
// The server sends the missing events of a resumed copy by itself. After this much silence they are
// requested.
inline constexpr std::uint64_t stream_patience_ms = 10'000;
// What is unread is asked for so soon after it became uncertain: at once, in effect, when messages
// are known to be gone; later when some that came may be one's own, from another device.
inline constexpr std::uint64_t counts_soon_ms = 500;
inline constexpr std::uint64_t counts_later_ms = 30'000;
inline constexpr std::size_t directory_rooms_max = 2'048;
inline constexpr std::size_t delayed_requests_max = 64;
inline constexpr std::size_t typists_max = 50;
// A connection may be lost for a moment, and a start may be slow. People see it after this time.
inline constexpr std::uint64_t quiet_outage_ms = 4'000;
inline constexpr std::uint64_t quiet_start_ms = 3'000;
// A visible page is back within 2 s after its server, unless the outage is long. Then it tries less
// often, so that many pages cost the server little, and people have a button.
inline constexpr std::uint64_t watched_wait_max_ms = 1'500;
inline constexpr std::uint64_t long_outage_ms = 10 * 60'000;
inline constexpr std::uint64_t watched_long_wait_max_ms = 10'000;
// The cookie of a session expires unless an HTTP request renews it; an open connection does not.
inline constexpr std::uint64_t renewal_interval_ms = 24 * 60 * 60'000;
// If HTTP is answered and so many handshakes in a row fail, something refuses them.
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
    std::uint64_t next_try_ms = 0;    // in the past while there is no wait
    bool whoami_pending = false;      // no answer yet
    bool unreachable = false;         // HTTP is not answered: no handshake before it is
    bool try_at_once = false;         // HTTP is answered again
    unsigned refused_handshakes = 0;  // in a row, each while HTTP was answered
    std::string cause;                // for people; empty: not known
};

// A line that is shown for a moment. A new number shows the same words again.
struct alert {
    std::uint64_t number = 0;
    std::string text;
};

// A line beside the composer. It goes when the person types or goes to another room.
struct composer_note {
    std::string text;
    bool until_online = false;
};

// The text that the composer must show, each time that it is not the text that the person typed.
struct composer_text {
    std::uint64_t number = 0;
    std::string text;
    std::string shown;      // what stands there now
    bool from_log = false;  // the person's log has had it, and nobody typed since
};

// What was typed is shared with the person's other devices after this pause.
inline constexpr std::uint64_t draft_pause_ms = 2'000;
struct draft_due {
    std::string room;
    std::uint64_t due_ms;
};

// A message that is edited in the composer. It is known by its seq, or by its nonce while it has
// none.
struct message_editor {
    std::string room;
    std::uint64_t seq = 0;
    std::string nonce;
    std::uint64_t base = 0;  // the `rev` of the wording that is edited
    std::string original;
    std::string text;
    bool lost = false;  // another wording came first
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

// Whether this person types, as the other members see it.
struct own_typing {
    std::string room;  // empty: not typing
    std::uint64_t sent_ms = 0;
    std::uint64_t last_key_ms = 0;
};

struct model {
    stage at = stage::loading;
    bool guests = false;
    account_form form;
    std::string origin;           // of this page, as https://chat.example.org
    std::string tab;              // the name of this page among the tabs of the browser
    bool cookies = true;          // the browser keeps the session's cookie
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
    std::string barred;  // why the page must not connect again; empty: it may
    std::optional<std::uint64_t> lost_since_ms;  // or since the start; nothing while online
    reachability server;
    std::uint64_t come_back_after_ms = 0;  // the wait that the server demanded in its `bye`
    std::uint64_t last_heard_ms = 0;
    std::uint64_t renewal_due_ms = 0;  // of the session's cookie, while the connection is open
    bool ping_sent = false;
    std::uint64_t next_id = 1;
    std::map<std::uint64_t, protocol::request> in_flight;
    std::vector<delayed_request> delayed;

    std::map<std::string, room> rooms;
    std::string open;               // the room on the screen; empty: none
    std::string wished;             // the room in the address; opened after the welcome
    std::vector<std::string> kept;  // most recently opened first
    directory browsed;
    bool page_visible = true;
    bool at_end = true;      // the newest row is on the screen
    std::uint64_t seen = 0;  // the newest message of the open room that is on the screen; 0: none

    personal_log personal;
    std::uint64_t stored_personal = 0;  // the seq of the log that the browser keeps
    std::uint64_t records_due_ms = 0;   // when the log is stored; 0: nothing has changed in it
    state::drafts drafts;               // what was typed here, until the server has it
    std::optional<state::draft_due> draft_due;
    bool writing = false;  // the composer has the focus
    composer_text composer;
    std::optional<message_editor> editor;
    outbox unsent;
    bool stored_loaded = false;  // stored messages were read; they are sent first
    std::uint64_t last_nonce_ms = 0;
    std::uint64_t accepted = 0;  // messages from the composer
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

// A record as this person left it, with what has not been sent yet; null: there is none.
template <class Kind>
const Kind* kept(const model& model, const std::string& key) {
    for (const unsent& deed : model.unsent.messages()) {
        const auto* const record = std::get_if<Kind>(&deed.record);
        if (record && record->key() == key) return record->is_gone() ? nullptr : record;
    }
    return model.personal.find<Kind>(key);
}

inline bool has_draft(const model& model, const std::string& room) {
    return model.drafts.has(room) || kept<protocol::draft>(model, room);
}

// The draft of a room: what was typed here, or what came from another device.
inline std::string draft_in(const model& model, const std::string& room) {
    if (model.drafts.has(room)) return model.drafts.text_in(room);
    const auto* const shared = kept<protocol::draft>(model, room);
    return shared ? shared->text : std::string();
}

inline bool wants_connection(const model& model) {
    return model.at == stage::signed_in && model.barred.empty();
}
inline bool is_seen(const model& model, const std::string& room) {
    return model.page_visible && model.at_end && model.open == room;
}

}  // namespace parley::state
