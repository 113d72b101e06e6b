// Rules of the commands about rooms: server/chat/ledger.hpp declares them one by one.
#include "server/storage/room_commands.hpp"

#include "server/storage/rooms.hpp"
#include "shared/protocol/direct_room.hpp"

#include <algorithm>

namespace parley::storage {
namespace {

using protocol::error_code;
namespace event_kind = protocol::event_kind;

// What the same author said before under the same nonce, in whatever room.
std::optional<chat::outcome> first_answer(database& db, const room_row& room,
                                          const chat::append& again) {
    statement row = db.query(
        "SELECT room_id, seq, at, text, reply_to FROM events WHERE author = ? AND nonce = ?",
        again.author, again.nonce);
    if (!row.next()) return std::nullopt;
    const bool same = row.integer(0) == room.id && row.text_if_any(3) == again.text &&
                      row.integer_if_any(4) == again.reply_to;
    if (!same)
        return chat::refusal{error_code::conflict, "this nonce was used with other content",
                             "nonce", 0};
    return chat::receipt{row.integer(1), row.integer(2), room.epoch, room.top, ""};
}

chat::refusal no_such_event() {
    return {error_code::not_found, "there is no such event to reply to", "reply_to", 0};
}

// REQUIRES: nothing by that name. The row is given its events by the caller. All rooms have one
// epoch: one that was made after a backup, and is made again after its restore, must not seem to be
// the same.
room_row& insert_room(change& made, const std::string& name, const std::string& title,
                      const std::string& author, const std::optional<std::string>& a,
                      const std::optional<std::string>& b) {
    made.db.run(
        "INSERT INTO rooms (name, title, kind, member_a, member_b, epoch, created_at, created_by) "
        "VALUES (?1, ?2, iif(?3 IS NULL, 'public', 'direct'), ?3, ?4, (SELECT epoch FROM rooms "
        "WHERE id = 1), ?5, ?6)",
        name, title, a, b, made.now, author);
    room_row& room = *find_room(made, name);
    add_event(made, room, {0, 0, author, std::string(event_kind::created), title, {}, {}});
    return room;
}

chat::receipt opened(const room_row& room) {
    return {1, room.created_at, room.epoch, room.top, ""};
}

bool is_account(database& db, const std::string& user) {
    return db.query("SELECT 1 FROM users WHERE name = ? AND kind = 'account'", user).next();
}

// Rooms are never removed, so guests, who cost nothing to make, cannot use all of them up.
std::optional<chat::refusal> refuse_one_more(database& db, const std::string& author) {
    statement rooms = db.query("SELECT max(id) FROM rooms");
    rooms.next();
    const std::uint64_t count = rooms.integer(0);
    if (count < guest_rooms_max || (count < rooms_max && is_account(db, author)))
        return std::nullopt;
    return chat::refusal{error_code::limit, "this server has as many rooms as it takes", "", 0};
}

// A guest's name passes to whoever takes it next, so two accounts it must be.
std::optional<chat::refusal> refuse_pair(database& db, const chat::open_direct_room& what) {
    if (what.author == what.other || what.room != protocol::direct_room(what.author, what.other))
        return chat::refusal{error_code::bad_field,
                             "a direct room is named dm.<a>.<b> for two people, names sorted",
                             "room", 0};
    if (!is_account(db, what.other))
        return chat::refusal{error_code::not_found, "there is no such account", "room", 0};
    if (!is_account(db, what.author))
        return chat::refusal{error_code::forbidden, "guests have no direct rooms: open an account",
                             "", 0};
    return std::nullopt;
}

// A public room that can be joined or left.
std::optional<chat::refusal> refuse_membership(const room_row* room) {
    if (!room) return no_such_room();
    if (room->direct())
        return chat::refusal{error_code::forbidden, "a direct room has its two members", "room", 0};
    return std::nullopt;
}

chat::receipt unchanged(const room_row& room) { return {0, room.top_at, room.epoch, room.top, ""}; }

void advance_read_mark(database& db, const room_row& room, const std::string& user,
                       std::uint64_t seq) {
    db.run("UPDATE members SET read_seq = ?1 WHERE user = ?2 AND room_id = ?3 AND read_seq < ?1",
           seq, user, room.id);
}

}  // namespace

chat::outcome carry_out(change& made, const chat::append& what) {
    room_row* const room = find_room(made, what.room);
    if (auto refused = refuse_entry(room, what.author)) return *refused;
    if (what.reply_to && (*what.reply_to == 0 || *what.reply_to > room->top))
        return first_answer(made.db, *room, what).value_or(no_such_event());
    const auto said = add_event_once(made, *room,
                                     {0, 0, what.author, std::string(event_kind::message),
                                      what.text, what.reply_to, what.nonce});
    if (!said) return first_answer(made.db, *room, what).value();
    advance_read_mark(made.db, *room, what.author, said->seq);
    return *said;
}

chat::outcome carry_out(change& made, const chat::open_room& what) {
    if (protocol::is_direct_room(what.room))
        return chat::refusal{error_code::forbidden, "names that start with dm. are of direct rooms",
                             "room", 0};
    if (const room_row* const taken = find_room(made, what.room)) {
        if (taken->created_by == what.author && taken->title == what.title) return opened(*taken);
        return chat::refusal{error_code::conflict, "a room of this name exists", "room", 0};
    }
    if (auto refused = refuse_one_more(made.db, what.author)) return *refused;
    if (auto refused = what.joins ? refuse_member(made.db, what.author) : std::nullopt)
        return *refused;
    room_row& room = insert_room(made, what.room, what.title, what.author, {}, {});
    if (what.joins) add_member(made, room, what.author);
    return opened(room);
}

chat::outcome carry_out(change& made, const chat::open_direct_room& what) {
    if (auto refused = refuse_pair(made.db, what)) return *refused;
    if (const room_row* const taken = find_room(made, what.room)) {
        // dm.a.b.c may be of a and b.c, or of a.b and c: whoever came first.
        if (taken->direct() && taken->admits(what.author) && taken->admits(what.other))
            return opened(*taken);
        return chat::refusal{error_code::conflict, "this name belongs to the room of two others",
                             "room", 0};
    }
    if (auto refused = refuse_one_more(made.db, what.author)) return *refused;
    if (auto refused = refuse_member(made.db, what.author)) return *refused;
    if (auto refused = refuse_member(made.db, what.other)) return *refused;
    const auto& [a, b] = std::minmax(what.author, what.other);
    room_row& room = insert_room(made, what.room, what.room, what.author, a, b);
    add_member(made, room, what.author);
    add_member(made, room, what.other);
    return opened(room);
}

chat::outcome carry_out(change& made, const chat::join_room& what) {
    room_row* const room = find_room(made, what.room);
    if (auto refused = refuse_membership(room)) return *refused;
    if (read_mark(made.db, *room, what.user)) return unchanged(*room);
    return add_member(made, *room, what.user);
}

chat::outcome carry_out(change& made, const chat::leave_room& what) {
    room_row* const room = find_room(made, what.room);
    if (auto refused = refuse_membership(room)) return *refused;
    if (!read_mark(made.db, *room, what.user)) return unchanged(*room);
    made.db.run("DELETE FROM members WHERE user = ? AND room_id = ?", what.user, room->id);
    return add_event(made, *room, {0, 0, what.user, std::string(event_kind::left), {}, {}, {}});
}

chat::outcome carry_out(change& made, const chat::mark_read& what) {
    const room_row* const room = find_room(made, what.room);
    if (!room) return no_such_room();
    if (!read_mark(made.db, *room, what.user))
        return chat::refusal{error_code::not_found, "not a room of yours", "room", 0};
    advance_read_mark(made.db, *room, what.user, std::min(what.seq, room->top));
    return unchanged(*room);
}

}  // namespace parley::storage
