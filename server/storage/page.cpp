// seq is contiguous, so every page is a range; its text is bounded by chat::page_bytes_max, one
// event at least.
#include "server/storage/page.hpp"

#include "server/chat/rules.hpp"
#include "server/storage/rows.hpp"

#include <algorithm>

namespace parley::storage {
namespace {

using direction = chat::read_page::direction;
using event_list = std::vector<protocol::event>;

// From first to last, both included; empty when last < first.
struct range {
    std::uint64_t first, last;
};

protocol::event event_at(const statement& row) {
    return {row.integer(0),     row.integer(1),        row.text(2),       row.text(3),
            row.text_if_any(4), row.integer_if_any(5), row.text_if_any(6)};
}

// As many as the bytes allow, the first of them in any case.
event_list take(statement rows, std::size_t bytes_max) {
    event_list events;
    std::size_t bytes = 0;
    while (rows.next()) {
        protocol::event next = event_at(rows);
        bytes += next.text ? next.text->size() : 0;
        if (bytes > bytes_max && !events.empty()) break;
        events.push_back(std::move(next));
    }
    return events;
}

event_list take_upwards(database& db, std::uint64_t room, range which, std::size_t bytes_max) {
    return take(db.query("SELECT seq, at, author, kind, text, reply_to, nonce FROM events "
                         "WHERE room_id = ? AND seq BETWEEN ? AND ? ORDER BY seq",
                         room, which.first, which.last),
                bytes_max);
}

event_list take_downwards(database& db, std::uint64_t room, range which, std::size_t bytes_max) {
    event_list events =
        take(db.query("SELECT seq, at, author, kind, text, reply_to, nonce FROM events "
                      "WHERE room_id = ? AND seq BETWEEN ? AND ? ORDER BY seq DESC",
                      room, which.first, which.last),
             bytes_max);
    std::reverse(events.begin(), events.end());
    return events;
}

range range_below(std::uint64_t last, std::uint64_t count) {
    return {last < count ? 1 : last - count + 1, last};
}

// As many on both sides as there are, the middle among the upper ones.
range range_around(std::uint64_t middle, std::uint64_t top, std::uint64_t count) {
    middle = std::clamp<std::uint64_t>(middle, 1, top);
    const std::uint64_t first = middle > count / 2 ? middle - count / 2 : 1;
    const std::uint64_t last = std::min(top, first + count - 1);
    return range_below(last, count);
}

// Grows from the middle, so that neither side takes the other's bytes.
event_list take_around(database& db, const chat::room_row& room, std::uint64_t middle,
                       range which) {
    middle = std::clamp(middle, which.first, which.last);
    event_list events =
        take_downwards(db, room.id, {which.first, middle - 1}, chat::page_bytes_max / 2);
    const event_list above =
        take_upwards(db, room.id, {middle, which.last}, chat::page_bytes_max / 2);
    events.insert(events.end(), above.begin(), above.end());
    return events;
}

event_list take_page(database& db, const chat::room_row& room, const chat::read_page& what,
                     std::uint64_t limit) {
    switch (what.where) {
        case direction::newest:
            return take_downwards(db, room.id, range_below(room.top, limit), chat::page_bytes_max);
        case direction::before:
            if (what.seq <= 1) return {};
            return take_downwards(db, room.id, range_below(std::min(what.seq - 1, room.top), limit),
                                  chat::page_bytes_max);
        case direction::after:
            if (what.seq >= room.top) return {};
            return take_upwards(db, room.id, {what.seq + 1, what.seq + limit},
                                chat::page_bytes_max);
        case direction::around:
            return take_around(db, room, what.seq, range_around(what.seq, room.top, limit));
    }
    return {};
}

bool is_more(const event_list& events, direction where, std::uint64_t top) {
    if (events.empty()) return false;
    const bool older = events.front().seq > 1;
    const bool newer = events.back().seq < top;
    if (where == direction::after) return newer;
    return where == direction::around ? older || newer : older;
}

}  // namespace

chat::answer look_up(database& db, const chat::read_page& what) {
    const auto room = find_room(db, what.room);
    if (auto refused = chat::refuse_entry(room ? &*room : nullptr, what.by.user)) return *refused;
    const std::uint64_t limit =
        std::clamp<std::uint64_t>(what.limit, 1, protocol::limits::history_page_max);
    chat::page page{room->epoch, room->top, take_page(db, *room, what, limit), false};
    page.more = is_more(page.events, what.where, page.top);
    return page;
}

}  // namespace parley::storage
