// Port: the durable log of every room, and the people. Commands are answered after their
// transaction is on disk; queries read what is committed. Twins: storage/sqlite_ledger, and a map
// in the tests.
#pragma once

#include "server/chat/identity.hpp"
#include "shared/protocol/codes.hpp"
#include "shared/protocol/messages.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace parley::chat {

// ---- commands: each is one atomic change.

// A request that changes something for good, and who makes it. What it does and when it is refused
// stands where it is declared (shared/protocol/durable_requests.hpp). Each of them is
// unauthenticated when the session has ended, and not_found when there is no such room or it is a
// direct room of others. The same nonce of one author gets the first receipt again; with other
// content, conflict.
template <class Request>
struct authored : Request {
    identity by;
};

// `room`: the name of a new one, see settings::name_direct_room.
template <>
struct authored<protocol::open_direct> : protocol::open_direct {
    identity by;
    std::string room;
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

namespace detail {
template <class Requests, class... Others>
struct commands_of;
template <class... Requests, class... Others>
struct commands_of<std::variant<Requests...>, Others...> {
    using type = std::variant<authored<Requests>..., Others...>;
};
}  // namespace detail

using command = detail::commands_of<protocol::durable_request, add_account, add_guest, open_session,
                                    end_session, use_sessions>::type;

template <class Request, class Set = protocol::durable_request>
inline constexpr bool is_durable = false;
template <class Request, class... Requests>
inline constexpr bool is_durable<Request, std::variant<Requests...>> =
    (std::is_same_v<Request, Requests> || ...);

// ---- what became of a command

struct receipt {
    std::uint64_t
        seq{};  // of the event that it made, or of the first one when repeated; 0 when it made none
    time_ms at{};
    std::uint64_t epoch{};  // of the room, where there is one
    std::uint64_t top{};
    std::uint64_t said{};    // by the event
    std::string session;     // that was opened
    std::string room{};      // that was opened or found
    std::uint64_t person{};  // of a record: where the author's log stands then
};

struct refusal {
    protocol::error_code code{};
    std::string message;  // one line for people
    std::string field;    // empty: none in particular
    std::uint64_t retry_ms{};
    std::uint64_t rev{};  // of the message, where that is what differs; 0: it is not
};

using outcome = std::variant<receipt, refusal>;

// ---- queries. Each names what it is answered with, unless it is refused.

// A stretch of a room. The events stand for all of `from..to`; none: `to` is below `from`.
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

// A page of a room: its folded entries, ascending. Fewer than `limit` when their texts would exceed
// page_bytes_max. not_found: no such room, or a direct room of others.
struct read_page {
    using answer = page;
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
    using answer = page;
    std::string room;
    identity by;
    std::uint64_t seq{};
    std::uint64_t limit{};
};

struct version_list {
    std::vector<protocol::version> versions;
    bool more = false;  // older ones, which do not fit
};

// The wordings of a message, the newest last, as many as fit page_bytes_max. not_found: no such
// message. gone: it was deleted.
struct read_versions {
    using answer = version_list;
    std::string room;
    identity by;
    std::uint64_t target{};
};

struct room_counts {
    std::vector<protocol::room_count> counts{};
    std::uint64_t person{};  // where the person's log stood; 0: they have none
};

// What is unread in those of these rooms that the person has joined.
struct read_counts {
    using answer = room_counts;
    identity by;
    std::vector<std::string> rooms;
};

struct kept_record {
    std::uint64_t seq{};
    protocol::personal_record record;
};

// What a device is sent of a person's log, but for membership and marks, which stand with the
// rooms. All of it weighs at most limits::personal_bytes_max.
struct personal_changes {
    std::uint64_t seq{};  // where the log stands; 0: they have none
    bool anew = false;    // `records` are all that there are, not what changed
    std::vector<kept_record> records{};
};

std::size_t weight_of(const personal_changes& found);

// Whether a device that holds the log up to `since` is sent everything, not what changed.
bool needs_all(std::optional<std::uint64_t> since, std::uint64_t seq);

struct room_list {
    std::vector<protocol::room_summary> rooms{};
    bool more = false;
    personal_changes personal{};
};

// The rooms that a person joined (and of `also` those that exist and they may enter), by name; and
// what else changed of what they keep since a device was told. Nothing: it holds none of it.
struct read_rooms {
    using answer = room_list;
    identity by;
    std::vector<std::string> also{};
    std::optional<std::uint64_t> since{};
};

// Public rooms whose name sorts after `after`, at most limits::rooms_page_max.
struct read_public_rooms {
    using answer = room_list;
    identity by;
    std::string after;
};

struct found_session {
    std::optional<identity> who;
};

// Who a token belongs to; none when it is unknown or has expired. Marks the session as used, to the
// hour.
struct find_session {
    using answer = found_session;
    std::string token_hash;
};

struct found_person {
    bool account = false;
    bool guest_signed_in = false;
    std::string password_hash;
};

// A name: whether it is an account (then with its password hash), or a guest's who is signed in.
struct find_person {
    using answer = found_person;
    std::string user;
};

struct ended_sessions {
    std::vector<std::string> sessions;
};

// Which of these sessions, by name, are no more: ended or expired. The others have open
// connections, which is a use too: marked to the day.
struct check_sessions {
    using answer = ended_sessions;
    std::vector<std::string> sessions;
};

struct session_list {
    std::vector<protocol::session_summary> sessions;
};

// Newest first. `current` is left false.
struct read_sessions {
    using answer = session_list;
    std::string user;
};

using query =
    std::variant<read_page, read_run, read_versions, read_counts, read_rooms, read_public_rooms,
                 find_session, find_person, read_sessions, check_sessions>;

// What a query is answered with. `any_answer` is the same for code that passes on what it does not
// read: `narrow` is the way back.
template <class Query>
using answer_to = std::variant<typename Query::answer, refusal>;
using any_answer = std::variant<page, version_list, room_counts, room_list, found_session,
                                found_person, session_list, ended_sessions, refusal>;

template <class Query>
any_answer widen(answer_to<Query> found) {
    return std::visit([](auto& one) -> any_answer { return std::move(one); }, found);
}
// REQUIRES: it answers such a query.
template <class Query>
answer_to<Query> narrow(any_answer found) {
    if (auto* const why = std::get_if<refusal>(&found)) return std::move(*why);
    return std::get<typename Query::answer>(std::move(found));
}

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

    template <class Query, class Done>
    void ask(Query wanted, Done done) {
        look_up(std::move(wanted), [done = std::move(done)](any_answer found) mutable {
            done(narrow<Query>(std::move(found)));
        });
    }
    // For the twins, and for those who pass queries on.
    virtual void look_up(query wanted, std::function<void(any_answer)> done) = 0;
};

}  // namespace parley::chat
