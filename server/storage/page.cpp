// Entries are found by their seq: each row says which entry is the newest by then, so changes
// between two of them are leapt over, however many there are.
#include "server/storage/page.hpp"

#include "server/chat/rules.hpp"
#include "server/storage/events.hpp"
#include "server/storage/rows.hpp"
#include "shared/fold/fold.hpp"

#include <algorithm>
#include <iterator>

namespace parley::storage {
namespace {

using direction = chat::read_page::direction;
using event_list = std::vector<protocol::event>;

constexpr int entry_column = 7;

// So many changes in a row are read past; more are leapt over.
constexpr std::uint64_t changes_read_past = 16;

// Looked at for what is unread; where there is more, the number may include one's own and deleted
// messages.
constexpr std::uint64_t counted_messages_max = 256;
constexpr std::uint64_t counted_rows_max = 1'000;

// A part of the log: all events from..to, of which `events` are the entries.
struct part {
    std::uint64_t from, to;
    event_list events;
};

// At most so many events, of so many bytes of bodies; the first of them however long it is.
struct bound {
    std::uint64_t events;
    std::size_t bytes;
};

class taking {
public:
    explicit taking(bound most) : most_(most) {}

    // False: there is no room for it.
    bool take(const statement& row) {
        bytes_ += row.bytes(6).size();
        if (events.size() == most_.events) return false;
        if (bytes_ > most_.bytes && !events.empty()) return false;
        events.push_back(event_at(row));
        return true;
    }

    event_list events{};

private:
    const bound most_;
    std::size_t bytes_ = 0;
};

statement rows_downwards(database& db, std::uint64_t room, std::uint64_t last) {
    return db.query(
        "SELECT e.seq, e.at, e.author, e.kind, e.nonce, e.said, coalesce(f.body, e.body), e.entry "
        "FROM events e LEFT JOIN folds f ON f.room_id = e.room_id AND f.seq = e.seq "
        "WHERE e.room_id = ? AND e.seq <= ? ORDER BY e.seq DESC",
        room, last);
}

// The same without the bodies of what was never changed, where only who wrote matters, and whether
// it was deleted.
statement changed_downwards(database& db, std::uint64_t room, std::uint64_t last) {
    return db.query(
        "SELECT e.seq, e.at, e.author, e.kind, e.nonce, e.said, f.body, e.entry FROM events e "
        "LEFT JOIN folds f ON f.room_id = e.room_id AND f.seq = e.seq "
        "WHERE e.room_id = ? AND e.seq <= ? ORDER BY e.seq DESC",
        room, last);
}

statement rows_upwards(database& db, std::uint64_t room, std::uint64_t first) {
    return db.query(
        "SELECT e.seq, e.at, e.author, e.kind, e.nonce, e.said, coalesce(f.body, e.body), e.entry "
        "FROM events e LEFT JOIN folds f ON f.room_id = e.room_id AND f.seq = e.seq "
        "WHERE e.room_id = ? AND e.seq >= ? ORDER BY e.seq",
        room, first);
}

// Visits the entries at and below `last`, the newest first, until `visit` returns false. True: the
// beginning of the log was reached.
template <class Rows, class Visit>
bool each_downwards(Rows rows_of, database& db, std::uint64_t room, std::uint64_t last,
                    Visit visit) {
    while (last > 0) {
        statement rows = rows_of(db, room, last);
        last = 0;
        while (rows.next()) {
            const std::uint64_t seq = rows.integer(0), entry = rows.integer(entry_column);
            if (entry == seq && !visit(rows)) return false;
            if (seq - entry <= changes_read_past) continue;
            last = entry;
            break;
        }
    }
    return true;
}

// The first entry above `seq`. REQUIRES: there is one at or below `top`.
std::uint64_t next_entry(database& db, std::uint64_t room, std::uint64_t seq, std::uint64_t top) {
    std::uint64_t below = seq, at_or_above = top;  // `entry` never falls
    while (at_or_above - below > 1) {
        const std::uint64_t middle = below + (at_or_above - below) / 2;
        statement row =
            db.query("SELECT entry FROM events WHERE room_id = ? AND seq = ?", room, middle);
        if (row.next() && row.integer(0) > seq)
            at_or_above = middle;
        else
            below = middle;
    }
    return at_or_above;
}

template <class Visit>
bool each_upwards(database& db, const chat::room_row& room, std::uint64_t first, Visit visit) {
    while (first <= room.entry) {
        statement rows = rows_upwards(db, room.id, first);
        std::uint64_t changes = 0;
        while (first <= room.entry && changes <= changes_read_past) {
            if (!rows.next()) return true;
            first = rows.integer(0) + 1;
            const bool is_entry = rows.integer(entry_column) == rows.integer(0);
            if (is_entry && !visit(rows)) return false;
            changes = is_entry ? 0 : changes + 1;
        }
        if (changes > changes_read_past && first <= room.entry)
            first = next_entry(db, room.id, first - 1, room.entry);
    }
    return true;
}

part take_downwards(database& db, std::uint64_t room, std::uint64_t last, bound most) {
    taking page(most);
    const bool all =
        each_downwards(rows_downwards, db, room, last, [&](auto& row) { return page.take(row); });
    std::reverse(page.events.begin(), page.events.end());
    const std::uint64_t from = all ? 1 : page.events.empty() ? last + 1 : page.events.front().seq;
    return {.from = from, .to = last, .events = std::move(page.events)};
}

part take_upwards(database& db, const chat::room_row& room, std::uint64_t first, bound most) {
    taking page(most);
    const bool all = each_upwards(db, room, first, [&](auto& row) { return page.take(row); });
    const std::uint64_t to = all                   ? room.top
                             : page.events.empty() ? first - 1
                                                   : page.events.back().seq;
    return {.from = first, .to = to, .events = std::move(page.events)};
}

// As many on both sides as there are, the middle among the upper ones.
part take_around(database& db, const chat::room_row& room, std::uint64_t middle,
                 std::uint64_t limit) {
    constexpr std::size_t half_bytes = chat::page_bytes_max / 2;
    middle = std::clamp<std::uint64_t>(middle, 1, room.top);
    part below = take_downwards(db, room.id, middle - 1, {limit / 2, half_bytes});
    part above = take_upwards(db, room, middle, {limit - below.events.size(), half_bytes});
    if (above.to == room.top && below.from > 1)
        below = take_downwards(db, room.id, middle - 1, {limit - above.events.size(), half_bytes});
    std::move(above.events.begin(), above.events.end(), std::back_inserter(below.events));
    return {.from = below.from, .to = above.to, .events = std::move(below.events)};
}

part take_page(database& db, const chat::room_row& room, const chat::read_page& wanted,
               std::uint64_t limit) {
    const bound most{.events = limit, .bytes = chat::page_bytes_max};
    switch (wanted.where) {
        case direction::newest: return take_downwards(db, room.id, room.top, most);
        case direction::before:
            if (wanted.seq <= 1) return {.from = 1, .to = 0, .events = {}};
            return take_downwards(db, room.id, std::min(wanted.seq - 1, room.top), most);
        case direction::after:
            if (wanted.seq >= room.top) return {.from = room.top + 1, .to = room.top, .events = {}};
            return take_upwards(db, room, wanted.seq + 1, most);
        case direction::around: return take_around(db, room, wanted.seq, limit);
    }
    return {};
}

chat::page page_of(const chat::room_row& room, const std::string& reader, part taken, bool more) {
    for (protocol::event& event : taken.events) fold::show_to(event, reader);
    return {.epoch = room.epoch,
            .top = room.top,
            .said = room.said,
            .shrunk = room.shrunk,
            .from = taken.from,
            .to = taken.to,
            .events = std::move(taken.events),
            .more = more};
}

std::uint64_t clamped(std::uint64_t limit) {
    return std::clamp<std::uint64_t>(limit, 1, protocol::limits::history_page_max);
}

}  // namespace

chat::answer_to<chat::read_page> look_up(database& db, const chat::read_page& wanted) {
    const auto room = find_room(db, wanted.room);
    if (auto refused = chat::refuse_entry(room ? &*room : nullptr, wanted.by)) return *refused;
    part taken = take_page(db, *room, wanted, clamped(wanted.limit));
    const bool older = taken.from > 1, newer = taken.to < room->top;
    const bool more = wanted.where == direction::after    ? newer
                      : wanted.where == direction::around ? older || newer
                                                          : older;
    return page_of(*room, wanted.by.user, std::move(taken), more);
}

chat::answer_to<chat::read_run> look_up(database& db, const chat::read_run& wanted) {
    const auto room = find_room(db, wanted.room);
    if (auto refused = chat::refuse_entry(room ? &*room : nullptr, wanted.by)) return *refused;
    const std::uint64_t from = std::min(wanted.seq, room->top) + 1;
    taking run({.events = clamped(wanted.limit), .bytes = chat::page_bytes_max});
    statement rows = rows_upwards(db, room->id, from);
    while (rows.next() && run.take(rows)) continue;
    const std::uint64_t to = run.events.empty() ? room->top : run.events.back().seq;
    return page_of(*room, wanted.by.user, {.from = from, .to = to, .events = std::move(run.events)},
                   to < room->top);
}

std::uint64_t count_unread(database& db, const chat::room_row& room, const std::string& user,
                           const chat::read_position& read) {
    std::uint64_t unread = room.said - std::min(room.said, read.said);
    if (unread == 0 || unread > counted_messages_max) return unread;
    // Whatever was deleted of it, was deleted after `read`.
    const bool has_deleted = room.shrunk > read.seq;
    std::uint64_t rows = 0;
    each_downwards(changed_downwards, db, room.id, room.top, [&](const statement& row) {
        if (row.integer(0) <= read.seq || ++rows > counted_rows_max) return false;
        if (row.text(3) != protocol::message::type) return true;
        const bool is_own = row.text(2) == user;
        const bool is_deleted =
            has_deleted && !is_own && !row.is_null(6) && protocol::text_of(event_at(row)).empty();
        if ((is_own || is_deleted) && unread > 0) --unread;
        return true;
    });
    return unread;
}

}  // namespace parley::storage
