// seq is assigned here and nowhere else: by the one writer, inside its transaction.
#include "server/storage/rooms.hpp"

#include <algorithm>

namespace parley::storage {

using protocol::error_code;

std::optional<room_row> find_room(database& db, const std::string& name) {
    statement row = db.query(
        "SELECT id, name, title, member_a, member_b, epoch, top, top_at, created_at, created_by FROM rooms "
        "WHERE name = ?",
        name);
    if (!row.next()) return std::nullopt;
    return room_row{row.integer(0), row.text(1),    row.text(2),    row.text_if_any(3), row.text_if_any(4),
                    row.integer(5), row.integer(6), row.integer(7), row.integer(8),     row.text(9)};
}

chat::refusal no_such_room() { return {error_code::not_found, "there is no such room", "room", 0}; }

std::optional<chat::refusal> refuse_entry(const std::optional<room_row>& room, const std::string& user) {
    if (!room) return no_such_room();
    if (!room->admits(user)) return chat::refusal{error_code::forbidden, "a direct room of others", "room", 0};
    return std::nullopt;
}

chat::receipt add_event(change& made, room_row& room, protocol::event event) {
    room.top += 1;
    room.top_at = std::max(room.top_at, made.now);
    event.seq = room.top;
    event.at = room.top_at;
    made.db.run(
        "INSERT INTO events (room_id, seq, at, author, kind, text, reply_to, nonce) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        room.id, event.seq, event.at, event.author, event.kind, event.text, event.reply_to, event.nonce);
    made.db.run("UPDATE rooms SET top = ?, top_at = ? WHERE id = ?", room.top, room.top_at, room.id);
    made.events.push_back({room.name, room.epoch, std::move(event)});
    return {room.top, room.top_at, room.epoch, room.top, ""};
}

std::optional<std::uint64_t> read_mark(database& db, const room_row& room, const std::string& user) {
    statement row = db.query("SELECT read_seq FROM members WHERE user = ? AND room_id = ?", user, room.id);
    if (!row.next()) return std::nullopt;
    return row.integer(0);
}

std::optional<chat::refusal> refuse_member(database& db, const std::string& user) {
    if (!db.query("SELECT 1 FROM users WHERE name = ?", user).next())
        return chat::refusal{error_code::forbidden, "sign in to keep a list of rooms", "", 0};
    statement joined = db.query("SELECT count(*) FROM members WHERE user = ?", user);
    joined.next();
    if (joined.integer(0) >= protocol::limits::joined_rooms_max)
        return chat::refusal{error_code::limit, user + " is in as many rooms as anyone may be", "room", 0};
    return std::nullopt;
}

chat::outcome add_member(change& made, room_row& room, const std::string& user) {
    if (auto refused = refuse_member(made.db, user)) return *refused;
    const chat::receipt joined =
        add_event(made, room, {0, 0, user, std::string(protocol::event_kind::joined), {}, {}, {}});
    made.db.run("INSERT INTO members (user, room_id, read_seq) VALUES (?, ?, ?)", user, room.id, joined.seq);
    return joined;
}

}  // namespace parley::storage
