// seq is assigned here and nowhere else: by the one writer, inside its transaction.
#include "server/storage/rooms.hpp"

#include <utility>

namespace parley::storage {

using protocol::error_code;

namespace {

chat::time_ms time_after(chat::time_ms newest, chat::time_ms now) {
    const bool corrected = now < newest && newest - now <= clock_correction_max_ms;
    return corrected ? newest : now;
}

}  // namespace

std::optional<room_row> find_room(database& db, const std::string& name) {
    statement row = db.query(
        "SELECT id, name, title, member_a, member_b, epoch, top, top_at, created_at, created_by "
        "FROM rooms "
        "WHERE name = ?",
        name);
    if (!row.next()) return std::nullopt;
    return room_row{row.integer(0),     row.text(1),    row.text(2),    row.text_if_any(3),
                    row.text_if_any(4), row.integer(5), row.integer(6), row.integer(7),
                    row.integer(8),     row.text(9),    false};
}

room_row* find_room(change& made, const std::string& name) {
    if (const auto known = made.rooms.find(name); known != made.rooms.end()) return &known->second;
    auto found = find_room(made.db, name);
    return found ? &made.rooms.emplace(name, std::move(*found)).first->second : nullptr;
}

chat::refusal no_such_room() { return {error_code::not_found, "there is no such room", "room", 0}; }

std::optional<chat::refusal> refuse_entry(const room_row* room, const std::string& user) {
    if (!room) return no_such_room();
    if (!room->admits(user))
        return chat::refusal{error_code::forbidden, "a direct room of others", "room", 0};
    return std::nullopt;
}

std::optional<chat::receipt> add_event_once(change& made, room_row& room, protocol::event event) {
    event.seq = room.top + 1;
    event.at = time_after(room.top_at, made.now);
    made.db.run(
        "INSERT INTO events (room_id, seq, at, author, kind, text, reply_to, nonce) VALUES (?, ?, "
        "?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (author, nonce) WHERE nonce IS NOT NULL DO NOTHING",
        room.id, event.seq, event.at, event.author, event.kind, event.text, event.reply_to,
        event.nonce);
    if (made.db.rows_changed() == 0) return std::nullopt;
    room.top = event.seq;
    room.top_at = event.at;
    room.grew = true;
    made.news.events.push_back({room.name, room.epoch, std::move(event)});
    return chat::receipt{room.top, room.top_at, room.epoch, room.top, ""};
}

chat::receipt add_event(change& made, room_row& room, protocol::event event) {
    return add_event_once(made, room, std::move(event)).value();
}

void write_tops(change& made) {
    for (auto& [name, room] : made.rooms)
        if (std::exchange(room.grew, false))
            made.db.run("UPDATE rooms SET top = ?, top_at = ? WHERE id = ?", room.top, room.top_at,
                        room.id);
}

std::optional<std::uint64_t> read_mark(database& db, const room_row& room,
                                       const std::string& user) {
    statement row =
        db.query("SELECT read_seq FROM members WHERE user = ? AND room_id = ?", user, room.id);
    if (!row.next()) return std::nullopt;
    return row.integer(0);
}

std::optional<chat::refusal> refuse_member(database& db, const std::string& user) {
    if (!db.query("SELECT 1 FROM users WHERE name = ?", user).next())
        return chat::refusal{error_code::forbidden, "sign in to keep a list of rooms", "", 0};
    statement joined = db.query("SELECT count(*) FROM members WHERE user = ?", user);
    joined.next();
    if (joined.integer(0) >= protocol::limits::joined_rooms_max)
        return chat::refusal{error_code::limit, user + " is in as many rooms as anyone may be",
                             "room", 0};
    return std::nullopt;
}

chat::outcome add_member(change& made, room_row& room, const std::string& user) {
    if (auto refused = refuse_member(made.db, user)) return *refused;
    const chat::receipt joined =
        add_event(made, room, {0, 0, user, std::string(protocol::event_kind::joined), {}, {}, {}});
    made.db.run("INSERT INTO members (user, room_id, read_seq) VALUES (?, ?, ?)", user, room.id,
                joined.seq);
    return joined;
}

}  // namespace parley::storage
