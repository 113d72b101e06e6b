// What SQLite keeps of a row beyond its first page is read only when a column is asked for.
#include "server/storage/walk.hpp"

#include "shared/protocol/text.hpp"

namespace parley::storage {
namespace {

constexpr char integer_type = 'i';

constexpr walk walks[] = {
    {"users", "i",
     "SELECT rowid, name, kind, display_name, password_hash, owner, created_at FROM users "
     "WHERE rowid > ? ORDER BY rowid"},
    {"sqlite_autoindex_users_1", "t", "SELECT name FROM users WHERE name > ? ORDER BY name"},
    {"sessions", "i",
     "SELECT rowid, token_hash, name, user, client, since, seen, expires FROM sessions "
     "WHERE rowid > ? ORDER BY rowid"},
    {"sqlite_autoindex_sessions_1", "t",
     "SELECT token_hash FROM sessions WHERE token_hash > ? ORDER BY token_hash"},
    {"sqlite_autoindex_sessions_2", "t", "SELECT name FROM sessions WHERE name > ? ORDER BY name"},
    {"sessions_of_user", "tii",
     "SELECT user, seen, rowid FROM sessions INDEXED BY sessions_of_user "
     "WHERE (user, seen, rowid) > (?, ?, ?) ORDER BY user, seen, rowid"},
    {"rooms", "i",
     "SELECT id, name, title, kind, people, epoch, top, top_at, said, entry, shrunk, pinned, "
     "created_at, created_by FROM rooms WHERE id > ? ORDER BY id"},
    {"sqlite_autoindex_rooms_1", "t", "SELECT name FROM rooms WHERE name > ? ORDER BY name"},
    {"public_rooms", "t",
     "SELECT name FROM rooms INDEXED BY public_rooms WHERE kind = 'public' AND name > ? "
     "ORDER BY name"},
    {"rooms_of_people", "t",
     "SELECT people FROM rooms INDEXED BY rooms_of_people WHERE people IS NOT NULL AND people > ? "
     "ORDER BY people"},
    {"events", "ii",
     "SELECT room_id, seq, at, author, kind, nonce, said, entry, body FROM events "
     "WHERE (room_id, seq) > (?, ?) ORDER BY room_id, seq"},
    {"events_by_nonce", "tt",
     "SELECT author, nonce FROM events INDEXED BY events_by_nonce WHERE nonce IS NOT NULL "
     "AND (author, nonce) > (?, ?) ORDER BY author, nonce"},
    {"folds", "ii",
     "SELECT room_id, seq, body FROM folds WHERE (room_id, seq) > (?, ?) ORDER BY room_id, seq"},
    {"members", "ti",
     "SELECT user, room_id, read_seq, read_said FROM members WHERE (user, room_id) > (?, ?) "
     "ORDER BY user, room_id"},
    {"logs", "t", "SELECT user, seq, bytes FROM logs WHERE user > ? ORDER BY user"},
    {"records", "ttt",
     "SELECT user, kind, key, seq, gone, body FROM records WHERE (user, kind, key) > (?, ?, ?) "
     "ORDER BY user, kind, key"},
    {"records_by_seq", "ti",
     "SELECT user, seq FROM records INDEXED BY records_by_seq WHERE (user, seq) > (?, ?) "
     "ORDER BY user, seq"},
    {"records_gone", "ti",
     "SELECT user, seq FROM records INDEXED BY records_gone WHERE gone = 1 AND (user, seq) > (?, "
     "?) "
     "ORDER BY user, seq"},
};

}  // namespace

std::span<const walk> all_walks() { return walks; }

tree_key first_key(const walk& tree) {
    tree_key out;
    for (const char type : tree.key) {
        if (type == integer_type)
            out.emplace_back(std::uint64_t{0});
        else
            out.emplace_back(std::string());
    }
    return out;
}

tree_key key_of(const statement& row, const walk& tree) {
    tree_key out;
    for (const char type : tree.key) {
        const int column = static_cast<int>(out.size());
        if (type == integer_type)
            out.emplace_back(row.integer(column));
        else
            out.emplace_back(std::string(row.bytes(column)));
    }
    return out;
}

statement rows_after(database& db, const walk& tree, const tree_key& key) {
    statement rows = db.query(tree.sql);
    int slot = 0;
    for (const auto& part : key)
        std::visit([&](const auto& value) { rows.bind(++slot, value); }, part);
    return rows;
}

std::string in_words(const tree_key& key) {
    std::string out;
    for (const auto& part : key) {
        if (!out.empty()) out += ", ";
        if (const auto* number = std::get_if<std::uint64_t>(&part))
            out += std::to_string(*number);
        else
            out += protocol::to_single_line(protocol::repaired_utf8(std::get<std::string>(part)));
    }
    return out;
}

bool has_sound_texts(const statement& row) {
    bool sound = true;
    for (int column = 0; column < row.columns(); ++column)
        sound = protocol::is_utf8(row.bytes(column)) && sound;
    return sound;
}

}  // namespace parley::storage
