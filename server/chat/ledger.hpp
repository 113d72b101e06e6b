// Port: the durable log of every room, and the people. Commands are answered after their
// transaction is on disk; queries read what is committed. Twins: storage/sqlite_ledger, and a map
// in the tests.
#pragma once

#include "server/chat/identity.hpp"
#include "shared/protocol/codes.hpp"
#include "shared/protocol/records.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace parley::chat {

// ---- commands: each is one atomic change. `by`: who asks for it; unauthenticated: their session
// has ended.

// Says something. The same (author, nonce) with the same room, text and reply_to gets the first
// receipt again; with other content: conflict. not_found: no such room, or reply_to beyond its top.
// A direct room of others is no room.
struct append {
    std::string room;
    identity by;
    std::string nonce, text;
    std::optional<std::uint64_t> reply_to;
};

// Puts another text in a message's place. not_found: no such message. forbidden: somebody else's.
// gone: it was deleted. conflict: `base` is not its rev; the refusal has that. limit: it was edited
// limits::edits_max times. The nonce as in append.
struct edit_message {
    std::string room;
    identity by;
    std::string nonce;
    std::uint64_t target{}, base{};
    std::string text;
};

// Takes away what a message said, and every wording of it. Errors as in edit_message; one that is
// gone is no error.
struct delete_message {
    std::string room;
    identity by;
    std::string nonce;
    std::uint64_t target{};
    std::optional<std::string> reason{};
};

// Reacts to a message, or takes a reaction back. not_found, gone. limit: too many on this message.
// forbidden: nobody has proved this name. Nothing to change is no error.
struct react_to_message {
    std::string room;
    identity by;
    std::string nonce;
    std::uint64_t target{};
    std::string emoji;
    bool on{};
};

// Opens a public room and, if they have signed in, joins its creator. conflict: the name is taken
// (unless by the same person with the same title: then the first receipt again). limit: the server
// has as many rooms as it takes.
struct open_room {
    std::string room, title;
    identity by;
    std::optional<std::string> nonce{};
};

// Opens the direct room of `by` and these others, or finds it, and puts it on the list of `by`
// alone. not_found: one of them is no account. forbidden: a guest asks. limit.
struct open_direct_room {
    std::string room;  // the name of a new one: see settings::name_direct_room
    identity by;
    std::string nonce;
    std::vector<std::string> others;  // in any order
};

// Puts a room on a person's list, or takes it off; no change is no error. not_found. limit. A
// direct room comes and goes without an event, and a message in it puts it on everybody's list
// again.
struct join_room {
    std::string room;
    identity by;
    std::optional<std::string> nonce{};
};
struct leave_room {
    std::string room;
    identity by;
    std::optional<std::string> nonce{};
};

// A person has read up to `seq`, or goes back to it; what lies beyond the room's top is its top.
// not_found: not a member.
struct mark_read {
    std::string room;
    identity by;
    std::uint64_t seq{};
};

// A session ends this long after its last use, and so does the cookie of its token.
inline constexpr time_ms session_lifetime_ms = 30ULL * 24 * 60 * 60 * 1'000;

// A session: `token_hash` is what is kept of its token; `client` names the program.
struct new_session {
    std::string user, token_hash, client;
};

// An account with its first session; joins the lobby. conflict: the name is taken, by an account or
// a guest.
struct add_account {
    std::string display_name, password_hash;
    new_session session;
};

// A guest with a session; joins the lobby. conflict: the name is an account's, or a guest's who is
// signed in.
struct add_guest {
    new_session session;
};

// not_found: no such account. Beyond limits::sessions_max the session unused for longest ends.
struct open_session {
    new_session session;
};

// not_found: no such session of that user.
struct end_session {
    std::string user, session;
};

// These sessions were used now, and live on; one that has ended meanwhile is passed over.
struct use_sessions {
    std::vector<std::string> sessions;
};

using command = std::variant<append, edit_message, delete_message, react_to_message, open_room,
                             open_direct_room, join_room, leave_room, mark_read, add_account,
                             add_guest, open_session, end_session, use_sessions>;

// ---- what became of a command

struct receipt {
    std::uint64_t
        seq{};  // of the event that it made, or of the first one when repeated; 0 when it made none
    time_ms at{};
    std::uint64_t epoch{};  // of the room, where there is one
    std::uint64_t top{};
    std::uint64_t said{};  // by the event
    std::string session;   // that was opened
    std::string room{};    // that was opened or found
};

struct refusal {
    protocol::error_code code{};
    std::string message;  // one line for people
    std::string field;    // empty: none in particular
    std::uint64_t retry_ms{};
    std::uint64_t rev{};  // of the message, where that is what differs; 0: it is not
};

using outcome = std::variant<receipt, refusal>;

// ---- queries

// A page of a room: its folded entries, ascending. Fewer than `limit` when their texts would exceed
// page_bytes_max. not_found: no such room, or a direct room of others.
struct read_page {
    enum class direction : std::uint8_t { newest, before, after, around };
    std::string room;
    identity by;
    direction where = direction::newest;
    std::uint64_t seq{};
    std::uint64_t limit{};
};
inline constexpr std::size_t page_bytes_max =
    96 * 1024;  // of UTF-8; escaped, a page still fits a frame

// The events that follow `seq`, contiguous, messages folded; otherwise as read_page.
struct read_run {
    std::string room;
    identity by;
    std::uint64_t seq{};
    std::uint64_t limit{};
};

// What both are answered with. The events stand for all of `from..to`; none: `to` is below `from`.
struct page {
    std::uint64_t epoch{};
    std::uint64_t top{};
    std::uint64_t said{};
    std::uint64_t shrunk{};  // seq of the newest deletion; 0: none
    std::uint64_t from{};
    std::uint64_t to{};
    std::vector<protocol::event> events;
    bool more = false;  // in the direction asked for
};

// The wordings of a message, the newest last, as many as fit page_bytes_max. not_found: no such
// message. gone: it was deleted.
struct read_versions {
    std::string room;
    identity by;
    std::uint64_t target{};
};

struct version_list {
    std::vector<protocol::version> versions;
    bool more = false;  // older ones, which do not fit
};

// What is unread in those of these rooms that the person has joined.
struct read_counts {
    identity by;
    std::vector<std::string> rooms;
};

struct room_counts {
    std::vector<protocol::room_count> counts;
};

// The rooms that a person joined (and of `also` those that exist and they may enter), by name.
struct read_rooms {
    identity by;
    std::vector<std::string> also;
};

// Public rooms whose name sorts after `after`, at most limits::rooms_page_max.
struct read_public_rooms {
    identity by;
    std::string after;
};

struct room_list {
    std::vector<protocol::room_summary> rooms;
    bool more = false;
};

// Who a token belongs to; none when it is unknown or has expired. Marks the session as used, to the
// hour.
struct find_session {
    std::string token_hash;
};

struct found_session {
    std::optional<identity> who;
};

// A name: whether it is an account (then with its password hash), or a guest's who is signed in.
struct find_person {
    std::string user;
};

struct found_person {
    bool account = false;
    bool guest_signed_in = false;
    std::string password_hash;
};

// Which of these sessions, by name, are no more: ended or expired. The others have open
// connections, which is a use too: marked to the day.
struct check_sessions {
    std::vector<std::string> sessions;
};

struct ended_sessions {
    std::vector<std::string> sessions;
};

// Newest first. `current` is left false.
struct read_sessions {
    std::string user;
};

struct session_list {
    std::vector<protocol::session_summary> sessions;
};

using query =
    std::variant<read_page, read_run, read_versions, read_counts, read_rooms, read_public_rooms,
                 find_session, find_person, read_sessions, check_sessions>;
using answer = std::variant<page, version_list, room_counts, room_list, found_session, found_person,
                            session_list, ended_sessions, refusal>;

// ---- the port

struct submission {
    command what;
    std::function<void(outcome)> done;
};

class ledger {
public:
    virtual ~ledger() = default;

    // `done` is called exactly once. Never waits: when too much waits already, the refusal is
    // `busy` and nothing was changed; when the disk fails it is `internal`, and a retry with the
    // same nonce finds out whether the command was stored. The receipts of one author's commands
    // keep their order.
    virtual void submit(command what, std::function<void(outcome)> done) = 0;

    // The same for several that came together: they begin to wait in one step, so that they can
    // share a transaction.
    virtual void submit_all(std::vector<submission> several) {
        for (submission& one : several) submit(std::move(one.what), std::move(one.done));
    }
    virtual void ask(query what, std::function<void(answer)> done) = 0;
};

}  // namespace parley::chat
