// Every list is bounded by a limit of the protocol.
#include "server/storage/lists.hpp"

#include "server/chat/rules.hpp"
#include "server/storage/page.hpp"
#include "server/storage/records.hpp"
#include "server/storage/rows.hpp"

#include <algorithm>
#include <set>
#include <string_view>

namespace parley::storage {
namespace {

namespace limits = protocol::limits;

std::vector<std::string> joined_names(database& db, const chat::identity& by) {
    if (!by.signed_in()) return {};
    statement rows = db.query(
        "SELECT r.name FROM members m JOIN rooms r ON r.id = m.room_id WHERE m.user = ? LIMIT ?",
        by.user, std::uint64_t{limits::joined_rooms_max});
    std::vector<std::string> names;
    while (rows.next()) names.push_back(rows.text(0));
    return names;
}

std::optional<chat::read_position> mark_of(database& db, const chat::room_row& room,
                                           const chat::identity& by) {
    return by.signed_in() ? read_mark(db, room, by.user) : std::nullopt;
}

protocol::room_summary counted_summary_of(database& db, const chat::room_row& room,
                                          const chat::identity& by) {
    const auto read = mark_of(db, room, by);
    protocol::room_summary out = summary_of(room, by.user, read);
    if (read) out.unread = count_unread(db, room, by.user, *read);
    return out;
}

}  // namespace

chat::answer_to<chat::read_rooms> look_up(database& db, const chat::read_rooms& what) {
    std::vector<std::string> names = joined_names(db, what.by);
    names.insert(names.end(), what.also.begin(), what.also.end());
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    chat::room_list list;
    for (const std::string& name : names) {
        const auto room = find_room(db, name);
        if (!chat::refuse_entry(room ? &*room : nullptr, what.by))
            list.rooms.push_back(counted_summary_of(db, *room, what.by));
    }
    list.personal = changes_since(db, what.by, what.since);
    return list;
}

chat::answer_to<chat::read_counts> look_up(database& db, const chat::read_counts& wanted) {
    chat::room_counts out;
    std::set<std::string_view> counted;
    for (const std::string& name : wanted.rooms) {
        if (!counted.insert(name).second) continue;
        const auto room = find_room(db, name);
        if (chat::refuse_entry(room ? &*room : nullptr, wanted.by)) continue;
        const auto read = mark_of(db, *room, wanted.by);
        if (!read) continue;
        out.counts.push_back({.room = name,
                              .unread = count_unread(db, *room, wanted.by.user, *read),
                              .said = room->said,
                              .read = read->seq,
                              .top = room->top});
    }
    out.person = log_end(db, wanted.by);
    return out;
}

chat::answer_to<chat::read_public_rooms> look_up(database& db,
                                                 const chat::read_public_rooms& what) {
    statement rows =
        db.query("SELECT name FROM rooms WHERE kind = 'public' AND name > ? ORDER BY name LIMIT ?",
                 what.after, std::uint64_t{limits::rooms_page_max + 1});
    chat::room_list list;
    while (rows.next()) {
        if (list.rooms.size() == limits::rooms_page_max) {
            list.more = true;
            return list;
        }
        const auto room = find_room(db, rows.text(0));
        list.rooms.push_back(counted_summary_of(db, *room, what.by));
    }
    return list;
}

chat::answer_to<chat::find_person> look_up(database& db, const chat::find_person& what,
                                           base::time_ms now) {
    statement row = db.query(
        "SELECT u.kind <> 'guest', u.password_hash, "
        "EXISTS (SELECT 1 FROM sessions s WHERE s.user = u.name AND s.expires > ?) FROM users u "
        "WHERE u.name = ?",
        now, what.user);
    if (!row.next()) return chat::found_person{};
    const bool account = row.integer(0) != 0;  // a reserved name is one that nobody can sign in to
    return chat::found_person{account, !account && row.integer(2) != 0, row.text(1)};
}

chat::answer_to<chat::read_sessions> look_up(database& db, const chat::read_sessions& what,
                                             base::time_ms now) {
    statement rows = db.query(
        "SELECT name, since, seen, client FROM sessions WHERE user = ? AND expires > ? ORDER BY "
        "since DESC, name LIMIT "
        "?",
        what.user, now, std::uint64_t{limits::sessions_max});
    chat::session_list list;
    while (rows.next())
        list.sessions.push_back(
            {rows.text(0), rows.integer(1), rows.integer(2), false, rows.text(3)});
    return list;
}

checked_sessions check(database& db, const chat::check_sessions& what, base::time_ms now,
                       base::time_ms since) {
    checked_sessions out;
    for (const std::string& session : what.sessions) {
        statement row =
            db.query("SELECT seen FROM sessions WHERE name = ? AND expires > ?", session, now);
        if (!row.next())
            out.ended.push_back(session);
        else if (row.integer(0) < since)
            out.stale.push_back(session);
    }
    return out;
}

std::optional<used_session> find_live_session(database& db, const std::string& token_hash,
                                              base::time_ms now) {
    statement row = db.query(
        "SELECT s.user, s.name, u.kind = 'guest', s.seen FROM sessions s JOIN users u ON u.name = "
        "s.user "
        "WHERE s.token_hash = ? AND s.expires > ?",
        token_hash, now);
    if (!row.next()) return std::nullopt;
    return used_session{{row.text(0), row.text(1), row.integer(2) != 0}, row.integer(3)};
}

}  // namespace parley::storage
