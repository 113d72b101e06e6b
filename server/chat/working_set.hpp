// The rows that a group of commands names, as they were when the group began and as the rules have
// changed them since. A ledger loads it, lets the rules judge the commands one after another, and
// writes the changes. Values only; one thread.
#pragma once

#include "server/chat/commit.hpp"
#include "server/chat/identity.hpp"
#include "shared/protocol/personal.hpp"
#include "shared/protocol/records.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

namespace parley::chat {

// How far a member has read, and how many messages the room had had by then.
struct read_position {
    std::uint64_t seq{};
    std::uint64_t said{};
};

struct room_row {
    std::uint64_t id{};  // the ledger's own; 0: it has no row yet
    std::string name{}, title{};
    std::vector<std::string> people{};  // of a direct room, sorted; empty: the room is public
    std::uint64_t epoch{};
    std::uint64_t top{};
    std::uint64_t said{};    // messages so far
    std::uint64_t entry{};   // seq of the newest entry
    std::uint64_t shrunk{};  // seq of the newest deletion; 0: none
    std::uint64_t pinned{};  // messages that are pinned now
    time_ms top_at{};
    time_ms created_at{};
    std::string created_by{};

    bool is_direct() const { return !people.empty(); }
    bool admits(const identity& who) const;
};

// As this person has it; nothing: they are no member, or have not signed in. `unread` is 0.
protocol::room_summary summary_of(const room_row& room, const std::string& user,
                                  const std::optional<read_position>& read);

enum class person_kind : std::uint8_t { account, guest, reserved };

struct session_row {
    std::string name, token_hash, client;
    time_ms since{}, seen{}, expires{};
};

struct person_row {
    person_kind kind{};
    std::string display_name{}, password_hash{};
    bool owner = false;
    std::uint64_t rooms{};  // on the person's list
    std::vector<session_row> sessions{};
};

// Of a person's log: its newest seq, and what all records of kept kinds weigh that are not gone.
struct log_row {
    std::uint64_t seq{};
    std::uint64_t bytes{};
};

// A record of a kept kind.
struct record_key {
    std::string user, kind, key;
    bool operator<(const record_key& other) const {
        return std::tie(user, kind, key) < std::tie(other.user, other.kind, other.key);
    }
};
inline record_key key_of(const std::string& user, const protocol::personal_body& body) {
    return {
        .user = user, .kind = std::string(protocol::kind_of(body)), .key = protocol::key_of(body)};
}

// What an author has said under a nonce.
struct spoken {
    std::string room;
    protocol::event event;
};
struct first_said {  // until the next change
    const std::string& room;
    const protocol::event& event;
};

struct server_row {
    std::uint64_t rooms{}, people{};  // how many there are, or have been
    std::uint64_t epoch{};            // of every room
    bool has_owner = false;
};

// An event of a room.
struct event_key {
    std::string room;
    std::uint64_t seq{};
    bool operator<(const event_key& other) const {
        return std::tie(room, seq) < std::tie(other.room, other.seq);
    }
};

// All that a message has said, for its author alone: nobody else makes the store read so much.
struct wordings_key {
    event_key message;
    std::string author;

    bool concerns(const protocol::event& found) const {
        const auto* const folded = protocol::as<protocol::message>(found);
        return found.author == author && folded && !folded->deleted;
    }
};

// What is to be loaded before a command can be judged.
struct row_keys {
    std::vector<std::string> rooms{};
    std::vector<std::vector<std::string>> direct_rooms{};  // by their people, sorted
    std::vector<event_key> messages{};                     // folded
    std::vector<wordings_key> wordings{};
    std::vector<event_key> positions{};  // how much was said by then

    std::vector<std::string> people{};
    std::vector<std::string> sessions{};
    std::vector<std::pair<std::string, std::string>> members{};  // user, room
    std::vector<record_key> records{};
    std::vector<std::pair<std::string, std::string>> nonces{};  // author, nonce
    // People whose rooms are needed, all of them, with those rooms and the people's read marks.
    std::vector<std::string> lists{};
    bool server = false;

    // Whose log may change: everybody that they name. A twin adds the people of direct rooms.
    std::vector<std::string> logs() const;
};

// ---- what is to be written, in order. Tops of rooms, read marks and logs of people stand at the
// end, once each.

struct insert_room {
    room_row room;
};
struct insert_event {
    std::size_t index{};  // in the news' events
    std::uint64_t said{}, entry{};
};
struct insert_person {
    std::string user;
    person_row person;  // without its sessions
};
struct insert_session {
    std::string user;
    session_row session;
};
struct delete_session {
    std::string session;
};
struct insert_member {
    std::string room, user;
    read_position read;
};
struct delete_member {
    std::string room, user;
};
struct update_top {
    std::string room;  // as the set has it
};
struct update_read {
    std::string room, user;
    read_position read;
};
struct update_fold {
    event_key message;  // as the set has it
};
struct update_body {  // of an event that is in the log
    event_key event;
    protocol::event_body body;
};
struct update_log {
    std::string user;  // as the set has it
};
struct update_record {  // there may be none yet; one that is gone stays as a trace
    std::string user;
    std::uint64_t seq{};
    protocol::personal_body body;
    std::uint64_t traces_until{};  // older ones go: no device needs them any more
};
struct delete_records {  // all of this person
    std::string user;
};
struct touch_session {  // it was used now; nothing when it is no more
    std::string session;
    time_ms seen{}, expires{};
};
using row_change =
    std::variant<insert_room, insert_event, insert_person, insert_session, delete_session,
                 insert_member, delete_member, update_top, update_read, update_fold, update_body,
                 update_log, update_record, delete_records, touch_session>;

// The time of an event is the wall clock's. It does not go back within a room while the clock is
// behind the newest event by no more than this: so much is a correction of the clock. Beyond it the
// clock was wrong before, and what follows must not keep that time.
inline constexpr time_ms clock_correction_max_ms = 2'000;

class working_set {
public:
    // `make_session_name`: a name that no session has had, see protocol::session_name.
    working_set(time_ms now, std::function<std::string()> make_session_name)
        : now_(now), make_session_name_(std::move(make_session_name)) {}

    time_ms now() const { return now_; }

    // ---- loading: nothing stands for a row that is not there

    bool knows_room(const std::string& name) const { return rooms_.contains(name); }
    bool knows_message(const event_key& key) const { return messages_.contains(key); }
    bool knows_wording(const event_key& key) const { return wordings_.contains(key); }
    bool knows_log(const std::string& user) const { return logs_.contains(user); }
    bool knows_person(const std::string& user) const { return people_.contains(user); }
    void load_room(const std::string& name, std::optional<room_row> row);
    // The people of the direct rooms that are loaded, each with the room. Their read marks are to
    // be loaded too, and the rows of those who have none.
    std::vector<std::pair<std::string, std::string>> direct_members() const;
    // Under its own name too.
    void load_direct_room(const std::vector<std::string>& people, std::optional<room_row> row);
    void load_person(const std::string& user, const std::optional<person_row>& row);
    void load_member(const std::string& user, const std::string& room,
                     std::optional<read_position> read);
    void load_message(const event_key& key, std::optional<protocol::event> folded);
    // An event of the log that has one of the wordings of a message.
    void load_wording(const event_key& key, const protocol::event_body& body) {
        wordings_.try_emplace(key, body);
    }
    void load_position(const event_key& key, std::uint64_t said) { positions_[key] = said; }
    void load_nonce(const std::string& author, const std::string& nonce,
                    std::optional<spoken> first);
    void load_list(const std::string& user, const std::vector<std::string>& rooms);
    void load_log(const std::string& user, std::optional<log_row> row);
    void load_record(const record_key& key, std::optional<protocol::personal_body> body);
    void load_session(const std::string& session, time_ms since, time_ms expires) {
        if (expires > now_) live_.emplace(session, since);
    }
    void load_server(server_row row) { server_ = row; }

    // ---- for the rules. REQUIRES: loaded, but for nonces: one that was not loaded is taken for
    // new.

    const room_row* room(const std::string& name) const;  // null: there is none
    const room_row* direct_room(const std::vector<std::string>& people) const;  // likewise
    const person_row* person(const std::string& user) const;  // null: nobody has this name
    std::optional<read_position> read_mark(const std::string& user,
                                           const std::string& room) const;  // nothing: not a member
    const protocol::event* message(const event_key& key) const;  // null: no message has this seq
    std::uint64_t said_by(const event_key& key) const;
    std::optional<first_said> first_under(const std::string& author,
                                          const std::string& nonce) const;
    const std::vector<std::string>& list_of(const std::string& user) const;
    const log_row& log_of(const std::string& user) const;                // REQUIRES: a person
    const protocol::personal_body* record(const record_key& key) const;  // null: there is none
    const server_row& server() const;
    bool is_live(const std::string& session) const { return live_.contains(session); }
    time_ms began_at(const std::string& session) const;  // REQUIRES: it is live

    void create_room(room_row room);
    // Gives the event its seq, time and `said`, and folds it into its target, if it has one. The
    // reference holds until the next change. REQUIRES: a target is loaded, and is a message.
    const protocol::event& append(const std::string& room, protocol::event event);
    // Takes what a message said from the log: its own text and those of its edits. REQUIRES: they
    // are loaded, and it is not deleted.
    void blank(const event_key& message);
    // All of these are reported to the person's devices, each as a change of the person's log.
    void add_member(const std::string& user, const std::string& room);  // who has read all
    void remove_member(const std::string& user, const std::string& room);
    void set_read(const std::string& user, const std::string& room, read_position read);
    void keep(const std::string& user, protocol::personal_body body);
    // Whoever has the name from now on begins anew, and so does every device.
    void forget_records(const std::string& user);
    void create_person(const std::string& user, person_row person);
    // Returns the session's name.
    std::string open_session(const std::string& user, const std::string& token_hash,
                             const std::string& client, time_ms lifetime);
    void end_session(const std::string& user, const std::string& session);
    void touch_session(const std::string& session, time_ms lifetime);
    void report_ended(const std::string& session) { news_.ended_sessions.push_back(session); }
    void report_taken(const std::string& user) { news_.taken_names.push_back(user); }

    // ---- for the ledger, once all commands are judged

    std::vector<row_change> take_changes();
    const commit& news() const { return news_; }
    commit take_news() { return std::move(news_); }

private:
    using pair_key = std::pair<std::string, std::string>;
    struct member {
        std::optional<read_position> read;
        bool moved = false;  // its mark, and no change says so yet
    };
    struct known_log {
        std::optional<log_row> row;
        bool grew = false;  // and no change says so yet
    };
    struct known_room {
        std::optional<room_row> row;
        bool grew = false;  // and no change says so yet
    };
    struct known_message {
        std::optional<protocol::event> folded;
        bool changed = false;  // and no change says so yet
    };

    const protocol::event_body& wording(const event_key& key) const;
    void report(const std::string& user, protocol::personal_body body,
                std::optional<protocol::room_summary> room = {});

    const time_ms now_;
    const std::function<std::string()> make_session_name_;
    std::map<std::string, known_room> rooms_;
    std::map<std::vector<std::string>, std::string> direct_rooms_;  // empty name: there is none
    std::map<std::string, std::optional<person_row>> people_;
    std::map<std::string, known_log> logs_;
    std::map<record_key, std::optional<protocol::personal_body>> records_;
    std::map<pair_key, member> members_;
    std::map<event_key, known_message> messages_;
    std::map<event_key, protocol::event_body> wordings_;
    std::map<event_key, std::uint64_t> positions_;
    using by_index = std::size_t;  // in the news' events
    std::map<pair_key, std::variant<std::monostate, spoken, by_index>> nonces_;
    std::map<std::string, std::vector<std::string>> lists_;
    std::map<std::string, time_ms> live_;  // sessions, and since when
    std::optional<server_row> server_;
    std::vector<row_change> changes_;
    commit news_;
};

}  // namespace parley::chat
