// One statement a row, but one for all members and one for all sessions: most commands are
// messages, and each names its author's.
#include "server/storage/rows.hpp"

#include "server/storage/events.hpp"
#include "server/storage/json_names.hpp"
#include "server/storage/records.hpp"
#include "shared/protocol/codec.hpp"
#include "shared/protocol/json_text.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace parley::storage {
namespace {

// ---- loading

chat::person_kind kind_of(const std::string& word) {
    if (word == "account") return chat::person_kind::account;
    if (word == "guest") return chat::person_kind::guest;
    return chat::person_kind::reserved;
}

std::string_view word_of(chat::person_kind kind) {
    if (kind == chat::person_kind::account) return "account";
    return kind == chat::person_kind::guest ? "guest" : "reserved";
}

std::vector<chat::session_row> sessions_of(database& db, const std::string& user) {
    statement rows = db.query(
        "SELECT name, token_hash, client, since, seen, expires FROM sessions WHERE user = ?", user);
    std::vector<chat::session_row> out;
    while (rows.next())
        out.push_back({.name = rows.text(0),
                       .token_hash = rows.text(1),
                       .client = rows.text(2),
                       .since = rows.integer(3),
                       .seen = rows.integer(4),
                       .expires = rows.integer(5)});
    return out;
}

std::optional<chat::person_row> find_person(database& db, const std::string& user) {
    statement row = db.query(
        "SELECT kind, display_name, password_hash, owner, "
        "(SELECT count(*) FROM members WHERE user = name) FROM users WHERE name = ?",
        user);
    if (!row.next()) return std::nullopt;
    return chat::person_row{.kind = kind_of(row.text(0)),
                            .display_name = row.text(1),
                            .password_hash = row.text(2),
                            .owner = row.integer(3) != 0,
                            .rooms = row.integer(4),
                            .sessions = sessions_of(db, user)};
}

std::optional<chat::spoken> find_spoken(database& db, const std::string& author,
                                        const std::string& nonce) {
    statement row = db.query(
        "SELECT e.seq, e.at, e.author, e.kind, e.nonce, e.said, e.body, r.name FROM events e "
        "JOIN rooms r ON r.id = e.room_id WHERE e.author = ? AND e.nonce = ?",
        author, nonce);
    if (!row.next()) return std::nullopt;
    return chat::spoken{.room = row.text(7), .event = event_at(row)};
}

// Rooms are never removed, so the largest number counts them; likewise people.
chat::server_row find_server(database& db) {
    statement row = db.query(
        "SELECT (SELECT max(id) FROM rooms), (SELECT max(rowid) FROM users), (SELECT epoch FROM "
        "rooms WHERE id = 1), EXISTS (SELECT 1 FROM users WHERE owner = 1)");
    row.next();
    return {.rooms = row.integer(0),
            .people = row.integer(1),
            .epoch = row.integer(2),
            .has_owner = row.integer(3) != 0};
}

// Whoever speaks often in a group is looked up once.
template <class Key>
std::vector<Key> without_repeats(std::vector<Key> keys) {
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

using member_keys = std::vector<std::pair<std::string, std::string>>;

// [["ann",1,"lobby"],...]; whoever is in a room that is not there is no member.
std::string members_as_json(const member_keys& wanted, const chat::working_set& set) {
    std::string out = "[";
    for (const auto& [user, name] : wanted) {
        const chat::room_row* const room = set.room(name);
        if (!room) continue;
        out += out.size() > 1 ? ",[" : "[";
        protocol::append_json_text(out, user);
        out += ',' + std::to_string(room->id) + ',';
        protocol::append_json_text(out, name);
        out += ']';
    }
    return out + ']';
}

void load_members(database& db, const member_keys& wanted, chat::working_set& set) {
    if (wanted.empty()) return;
    statement rows = db.query(
        "SELECT m.user, k.value ->> 2, m.read_seq, m.read_said FROM json_each(?) k CROSS JOIN "
        "members m ON "
        "m.user = k.value ->> 0 AND m.room_id = k.value ->> 1",
        members_as_json(wanted, set));
    while (rows.next())
        set.load_member(rows.text(0), rows.text(1),
                        chat::read_position{.seq = rows.integer(2), .said = rows.integer(3)});
    for (const auto& [user, room] : wanted) set.load_member(user, room, std::nullopt);
}

void load_sessions(database& db, const std::vector<std::string>& names, chat::working_set& set) {
    if (names.empty()) return;
    statement rows = db.query(
        "SELECT s.name, s.since, s.expires FROM json_each(?) k CROSS JOIN sessions s ON s.name = "
        "k.value",
        as_json(names));
    while (rows.next()) set.load_session(rows.text(0), rows.integer(1), rows.integer(2));
}

std::uint64_t said_by(database& db, std::uint64_t room, std::uint64_t seq) {
    statement row = db.query("SELECT said FROM events WHERE room_id = ? AND seq = ?", room, seq);
    return row.next() ? row.integer(0) : 0;
}

void load_message(database& db, const chat::event_key& key, chat::working_set& set) {
    if (set.knows_message(key)) return;
    const chat::room_row* const room = set.room(key.room);
    set.load_message(key, room ? find_message(db, room->id, key.seq) : std::nullopt);
}

// Of a message that is loaded.
void load_wordings(database& db, const chat::wordings_key& key, chat::working_set& set) {
    const auto& [room, target] = key.message;
    const protocol::event* const message = set.message(key.message);
    if (!message || !key.concerns(*message)) return;
    const std::uint64_t rev = protocol::rev_of(*message);
    if (set.knows_wording({.room = room, .seq = rev})) return;
    for (const protocol::event& each : wordings_of(db, set.room(room)->id, target, rev))
        set.load_wording({.room = room, .seq = each.seq}, each.body);
}

std::optional<chat::room_row> room_at(statement& row) {
    if (!row.next()) return std::nullopt;
    return chat::room_row{.id = row.integer(0),
                          .name = row.text(1),
                          .title = row.text(2),
                          .people = names_in(row.text(3)),
                          .epoch = row.integer(4),
                          .top = row.integer(5),
                          .said = row.integer(6),
                          .entry = row.integer(7),
                          .shrunk = row.integer(8),
                          .pinned = row.integer(12),
                          .top_at = row.integer(9),
                          .created_at = row.integer(10),
                          .created_by = row.text(11)};
}

std::optional<chat::room_row> find_direct_room(database& db,
                                               const std::vector<std::string>& people) {
    statement row = db.query(
        "SELECT id, name, title, people, epoch, top, said, entry, shrunk, top_at, created_at, "
        "created_by, pinned FROM rooms WHERE people = ?",
        as_json(people));
    return room_at(row);
}

void load_room(database& db, const std::string& name, chat::working_set& set) {
    if (!set.knows_room(name)) set.load_room(name, find_room(db, name));
}

void load_person(database& db, const std::string& user, chat::working_set& set) {
    if (!set.knows_person(user)) set.load_person(user, find_person(db, user));
}

std::vector<std::string> rooms_of(database& db, const std::string& user) {
    statement rows = db.query(
        "SELECT name FROM rooms JOIN members ON members.room_id = rooms.id WHERE user = ?", user);
    std::vector<std::string> names;
    while (rows.next()) names.push_back(rows.text(0));
    return names;
}

// ---- saving

class saving {
public:
    saving(database& db, const chat::working_set& set) : db_(db), set_(set) {}

    // False: a nonce was not new.
    bool operator()(const chat::insert_event& change) {
        const chat::committed_event& one = set_.news().events.at(change.index);
        const protocol::event& event = one.event;
        db_.run(
            "INSERT INTO events (room_id, seq, at, author, kind, nonce, said, entry, body) VALUES "
            "(?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (author, nonce) WHERE nonce IS NOT NULL DO "
            "NOTHING",
            id_of(one.room), event.seq, event.at, event.author, protocol::kind_of(event.body),
            event.nonce, change.said, change.entry, protocol::encode_body(event.body));
        return db_.rows_changed() == 1;
    }
    bool operator()(const chat::insert_room& change) {
        const chat::room_row& room = change.room;
        const bool direct = room.is_direct();
        db_.run(
            "INSERT INTO rooms (name, title, kind, people, epoch, created_at, created_by) VALUES "
            "(?, ?, ?, ?, ?, ?, ?)",
            room.name, room.title, direct ? "direct" : "public",
            direct ? std::optional(as_json(room.people)) : std::nullopt, room.epoch,
            room.created_at, room.created_by);
        new_ids_[room.name] = db_.last_row();
        return true;
    }
    bool operator()(const chat::update_top& change) {
        const chat::room_row& room = *set_.room(change.room);
        db_.run(
            "UPDATE rooms SET top = ?, top_at = ?, said = ?, entry = ?, shrunk = ?, pinned = ? "
            "WHERE id = ?",
            room.top, room.top_at, room.said, room.entry, room.shrunk, room.pinned,
            id_of(change.room));
        return true;
    }
    bool operator()(const chat::insert_person& change) {
        const bool account = change.person.kind == chat::person_kind::account;
        db_.run(
            "INSERT INTO users (name, kind, display_name, password_hash, created_at, owner) VALUES "
            "(?, ?, ?, ?, ?, ?)",
            change.user, word_of(change.person.kind), change.person.display_name,
            account ? std::optional(change.person.password_hash) : std::nullopt, set_.now(),
            std::uint64_t{change.person.owner});
        return true;
    }
    bool operator()(const chat::insert_session& change) {
        const chat::session_row& session = change.session;
        db_.run(
            "INSERT INTO sessions (token_hash, name, user, client, since, seen, expires) VALUES "
            "(?, ?, ?, ?, ?, ?, ?)",
            session.token_hash, session.name, change.user, session.client, session.since,
            session.seen, session.expires);
        return true;
    }
    bool operator()(const chat::delete_session& change) {
        db_.run("DELETE FROM sessions WHERE name = ?", change.session);
        return true;
    }
    bool operator()(const chat::touch_session& change) {
        db_.run("UPDATE sessions SET seen = ?, expires = ? WHERE name = ? AND expires > ?",
                change.seen, change.expires, change.session, change.seen);
        return true;
    }
    bool operator()(const chat::update_log& change) {
        save_log(db_, change.user, set_.log_of(change.user));
        return true;
    }
    bool operator()(const chat::update_record& change) {
        save_record(db_, change);
        return true;
    }
    bool operator()(const chat::delete_records& change) {
        delete_records(db_, change.user);
        return true;
    }
    bool operator()(const chat::insert_member& change) {
        db_.run("INSERT INTO members (user, room_id, read_seq, read_said) VALUES (?, ?, ?, ?)",
                change.user, id_of(change.room), change.read.seq, change.read.said);
        return true;
    }
    bool operator()(const chat::delete_member& change) {
        db_.run("DELETE FROM members WHERE user = ? AND room_id = ?", change.user,
                id_of(change.room));
        return true;
    }
    bool operator()(const chat::update_read& change) {
        db_.run("UPDATE members SET read_seq = ?, read_said = ? WHERE user = ? AND room_id = ?",
                change.read.seq, change.read.said, change.user, id_of(change.room));
        return true;
    }
    bool operator()(const chat::update_fold& change) {
        const protocol::event& folded = *set_.message(change.message);
        db_.run(
            "INSERT INTO folds (room_id, seq, body) VALUES (?, ?, ?) "
            "ON CONFLICT (room_id, seq) DO UPDATE SET body = excluded.body",
            id_of(change.message.room), folded.seq, protocol::encode_body(folded.body));
        return true;
    }
    bool operator()(const chat::update_body& change) {
        db_.run("UPDATE events SET body = ? WHERE room_id = ? AND seq = ?",
                protocol::encode_body(change.body), id_of(change.event.room), change.event.seq);
        return true;
    }

private:
    std::uint64_t id_of(const std::string& room) const {
        const std::uint64_t id = set_.room(room)->id;
        return id > 0 ? id : new_ids_.at(room);
    }

    database& db_;
    const chat::working_set& set_;
    std::unordered_map<std::string, std::uint64_t> new_ids_;
};

}  // namespace

std::optional<chat::room_row> find_room(database& db, const std::string& name) {
    statement row = db.query(
        "SELECT id, name, title, people, epoch, top, said, entry, shrunk, top_at, created_at, "
        "created_by, pinned FROM rooms WHERE name = ?",
        name);
    return room_at(row);
}

std::optional<chat::read_position> read_mark(database& db, const chat::room_row& room,
                                             const std::string& user) {
    statement row = db.query(
        "SELECT read_seq, read_said FROM members WHERE user = ? AND room_id = ?", user, room.id);
    if (!row.next()) return std::nullopt;
    return chat::read_position{.seq = row.integer(0), .said = row.integer(1)};
}

void load(database& db, const chat::row_keys& keys, bool with_nonces, chat::working_set& set) {
    for (const std::string& name : keys.rooms) load_room(db, name, set);
    for (const auto& people : keys.direct_rooms)
        set.load_direct_room(people, find_direct_room(db, people));
    member_keys members = keys.members;
    for (const std::string& user : keys.lists) {
        const std::vector<std::string> rooms = rooms_of(db, user);
        for (const std::string& room : rooms) {
            load_room(db, room, set);
            members.emplace_back(user, room);
        }
        set.load_list(user, rooms);
    }
    const member_keys direct = set.direct_members();
    members.insert(members.end(), direct.begin(), direct.end());
    std::vector<std::string> logs = keys.logs();
    for (const auto& [user, room] : members) logs.push_back(user);
    load_logs(db, without_repeats(std::move(logs)), set);
    load_members(db, without_repeats(std::move(members)), set);
    for (const chat::record_key& key : keys.records) load_record(db, key, set);
    for (const chat::event_key& key : keys.messages) load_message(db, key, set);
    for (const chat::wordings_key& key : keys.wordings) load_wordings(db, key, set);
    for (const chat::event_key& key : keys.positions)
        if (const chat::room_row* const room = set.room(key.room); room && key.seq < room->top)
            set.load_position(key, said_by(db, room->id, key.seq));
    load_sessions(db, without_repeats(keys.sessions), set);
    for (const std::string& user : keys.people) load_person(db, user, set);
    for (const auto& [user, room] : direct)
        if (!set.read_mark(user, room)) load_person(db, user, set);
    if (keys.server) set.load_server(find_server(db));
    if (!with_nonces) return;
    for (const auto& [author, nonce] : keys.nonces)
        set.load_nonce(author, nonce, find_spoken(db, author, nonce));
}

bool is_used(database& db, const std::pair<std::string, std::string>& nonce) {
    return db
        .query("SELECT 1 FROM events WHERE author = ? AND nonce = ?", nonce.first, nonce.second)
        .next();
}

bool save(database& db, chat::working_set& set) {
    saving save_one(db, set);
    for (const chat::row_change& change : set.take_changes())
        if (!std::visit(save_one, change)) return false;
    return true;
}

void purge_expired_sessions(database& db, base::time_ms now) {
    db.run("DELETE FROM sessions WHERE expires <= ?", now);
}

}  // namespace parley::storage
