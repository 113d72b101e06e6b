// Rules of the commands about people: server/chat/ledger.hpp declares them one by one.
#include "server/storage/people_commands.hpp"

#include "server/storage/room_commands.hpp"
#include "server/storage/rooms.hpp"
#include "shared/protocol/vocabulary.hpp"

namespace parley::storage {
namespace {

using protocol::error_code;

chat::refusal name_taken() { return {error_code::conflict, "this name is taken", "user", 0}; }

// "account", "guest" or "reserved"; empty: nobody has this name.
std::string kind_of(database& db, const std::string& user) {
    statement row = db.query("SELECT kind FROM users WHERE name = ?", user);
    return row.next() ? row.text(0) : "";
}

std::optional<chat::refusal> refuse_one_more(database& db) {
    statement people = db.query("SELECT max(rowid) FROM users");
    people.next();
    if (people.integer(0) < people_max) return std::nullopt;
    return chat::refusal{error_code::limit, "this server has as many people as it takes", "", 0};
}

std::string insert_session(change& made, const chat::new_session& session) {
    statement row = made.db.query(
        "INSERT INTO sessions (token_hash, name, user, client, since, seen, expires) "
        "VALUES (?1, lower(hex(randomblob(12))), ?2, ?3, ?4, ?4, ?5) RETURNING name",
        session.token_hash, session.user, session.client, made.now,
        made.now + chat::session_lifetime_ms);
    row.next();
    std::string name = row.text(0);
    row.next();  // to its end: only then is the row in the table for good
    return name;
}

void end_expired(change& made, const std::string& user) {
    made.db.run("DELETE FROM sessions WHERE user = ? AND expires <= ?", user, made.now);
}

bool has_live_session(const change& made, const std::string& user) {
    return made.db.query("SELECT 1 FROM sessions WHERE user = ? AND expires > ?", user, made.now)
        .next();
}

// Makes room for one more: the sessions unused for longest end.
void end_surplus(change& made, const std::string& user) {
    statement row = made.db.query(
        "DELETE FROM sessions WHERE name IN (SELECT name FROM sessions WHERE user = ? ORDER BY "
        "seen DESC, since DESC "
        "LIMIT -1 OFFSET ?) RETURNING name",
        user, std::uint64_t{protocol::limits::sessions_max - 1});
    while (row.next()) made.news.ended_sessions.push_back(row.text(0));
}

// The first session of a person who has just come, or of a guest who takes a free name again.
chat::receipt welcome(change& made, const chat::new_session& session) {
    made.news.taken_names.push_back(session.user);
    chat::receipt receipt{0, made.now, 0, 0, insert_session(made, session)};
    room_row& lobby = *find_room(made, std::string(protocol::lobby));
    if (!read_mark(made.db, lobby, session.user)) add_member(made, lobby, session.user);
    return receipt;
}

// A guest's name that was given up starts anew: its rooms were the former guest's.
void leave_all_rooms(change& made, const std::string& user) {
    std::vector<std::string> rooms;
    statement row = made.db.query(
        "SELECT name FROM rooms JOIN members ON members.room_id = rooms.id WHERE user = ?", user);
    while (row.next()) rooms.push_back(row.text(0));
    for (std::string& room : rooms) carry_out(made, chat::leave_room{std::move(room), user});
}

}  // namespace

chat::outcome carry_out(change& made, const chat::add_account& what) {
    if (!kind_of(made.db, what.session.user).empty()) return name_taken();
    if (auto refused = refuse_one_more(made.db)) return *refused;
    made.db.run(
        "INSERT INTO users (name, kind, display_name, password_hash, created_at, owner) "
        "VALUES (?, 'account', ?, ?, ?, NOT EXISTS (SELECT 1 FROM users WHERE owner = 1))",
        what.session.user, what.display_name, what.password_hash, made.now);
    return welcome(made, what.session);
}

chat::outcome carry_out(change& made, const chat::add_guest& what) {
    const std::string& user = what.session.user;
    const std::string kind = kind_of(made.db, user);
    if (!kind.empty() && kind != "guest") return name_taken();
    if (has_live_session(made, user)) return name_taken();
    if (auto refused = kind.empty() ? refuse_one_more(made.db) : std::nullopt) return *refused;
    end_expired(made, user);
    leave_all_rooms(made, user);
    if (kind.empty())
        made.db.run(
            "INSERT INTO users (name, kind, display_name, created_at) VALUES (?1, 'guest', ?1, ?2)",
            user, made.now);
    return welcome(made, what.session);
}

chat::outcome carry_out(change& made, const chat::open_session& what) {
    if (kind_of(made.db, what.session.user) != "account")
        return chat::refusal{error_code::not_found, "there is no such account", "user", 0};
    end_expired(made, what.session.user);
    end_surplus(made, what.session.user);
    return chat::receipt{0, made.now, 0, 0, insert_session(made, what.session)};
}

chat::outcome carry_out(change& made, const chat::end_session& what) {
    made.db.run("DELETE FROM sessions WHERE name = ? AND user = ?", what.session, what.user);
    if (made.db.rows_changed() == 0)
        return chat::refusal{error_code::not_found, "you have no such session", "session", 0};
    made.news.ended_sessions.push_back(what.session);
    return chat::receipt{0, made.now, 0, 0, what.session};
}

chat::outcome note_use(change& made, const std::vector<std::string>& sessions) {
    for (const std::string& session : sessions)
        made.db.run("UPDATE sessions SET seen = ?, expires = ? WHERE name = ? AND expires > ?",
                    made.now, made.now + chat::session_lifetime_ms, session, made.now);
    return chat::receipt{};
}

void purge_expired_sessions(database& db, chat::time_ms now) {
    db.run("DELETE FROM sessions WHERE expires <= ?", now);
}

}  // namespace parley::storage
