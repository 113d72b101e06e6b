// Derives each row from an event and the one before it, so that a row looks the same wherever the
// window begins.
#include "wasm-client/view/rows.hpp"

#include "shared/ensure.hpp"

#include <algorithm>

namespace parley::view {
namespace {

constexpr std::int64_t day_ms = 24 * 60 * 60 * 1000;

bool is_message(const protocol::event& event) {
    return event.kind == protocol::event_kind::message;
}

bool is_shown(const protocol::event& event) {
    using namespace protocol::event_kind;
    return event.kind == message || event.kind == created || event.kind == joined ||
           event.kind == left;
}

bool continues(const protocol::event& event, const protocol::event& before) {
    // The server's clock may have been set back in between.
    const std::uint64_t apart = event.at < before.at ? before.at - event.at : event.at - before.at;
    return is_message(before) && before.author == event.author && apart < group_span_ms;
}

void add_event(std::vector<row>& rows, const state::room& room, std::uint64_t seq,
               const clock& clock) {
    const protocol::event& event = room.log.at(seq);
    if (!is_shown(event)) return;
    const protocol::event* before = seq > room.log.oldest() ? &room.log.at(seq - 1) : nullptr;
    const bool new_day = !before || clock.day_of(before->at) != clock.day_of(event.at);
    const bool first_new = room.new_after && seq == *room.new_after + 1;
    if (new_day) rows.push_back({.kind = row_kind::day, .event = &event});
    if (first_new) rows.push_back({.kind = row_kind::new_line, .event = &event});
    const row_kind kind = is_message(event) ? row_kind::message : row_kind::note;
    const bool starts = new_day || first_new || !continues(event, *before);
    rows.push_back({.kind = kind, .event = &event, .starts_group = starts});
}

void add_unsent(std::vector<row>& rows, const state::model& model, const state::room& room,
                const clock& clock) {
    const protocol::event* last = room.log.empty() ? nullptr : &room.log.at(room.log.top());
    std::uint64_t before_ms = last ? last->at : 0;
    bool starts = !last || !is_message(*last) || last->author != model.me;
    for (const state::unsent& message : model.unsent.messages()) {
        if (message.room != model.open) continue;
        const bool new_day =
            before_ms == 0 || clock.day_of(before_ms) != clock.day_of(message.at_ms);
        if (new_day) rows.push_back({.kind = row_kind::day, .message = &message});
        starts = starts || new_day || message.at_ms >= before_ms + group_span_ms;
        rows.push_back({.kind = row_kind::message, .message = &message, .starts_group = starts});
        before_ms = message.at_ms;
        starts = false;
    }
}

std::size_t rows_of(const state::room& room, std::uint64_t seq, const clock& clock) {
    std::vector<row> rows;
    add_event(rows, room, seq, clock);
    return rows.size();
}

// Whether a window that begins at `seq` has room for the newest event.
bool reaches_top(const state::room& room, std::uint64_t seq, const clock& clock) {
    std::size_t before_top = 0;
    for (; seq < room.log.top() && before_top < rows_max; ++seq)
        before_top += rows_of(room, seq, clock);
    return before_top < rows_max;
}

// The event that is `count` rows above `seq`, or the oldest.
std::uint64_t rows_above(const state::room& room, std::uint64_t seq, std::size_t count,
                         const clock& clock) {
    for (std::size_t above = 0; seq > room.log.oldest() && above < count; --seq)
        above += rows_of(room, seq - 1, clock);
    return seq;
}

std::uint64_t rows_below(const state::room& room, std::uint64_t seq, std::size_t count,
                         const clock& clock) {
    for (std::size_t below = 0; seq < room.log.top() && below < count; ++seq)
        below += rows_of(room, seq, clock);
    return seq;
}

}  // namespace

std::int64_t clock::day_of(std::uint64_t at_ms) const {
    const auto local = static_cast<std::int64_t>(at_ms) + offset_ms(at_ms);
    return local >= 0 ? local / day_ms : (local - day_ms + 1) / day_ms;
}

std::string row::key() const {
    const std::string identity = event ? std::to_string(event->seq) : message->nonce;
    switch (kind) {
        case row_kind::day: return "day-" + identity;
        case row_kind::new_line: return "new-" + identity;
        default: return "row-" + identity;
    }
}

std::string_view row::delivery() const {
    if (!message || message->state == state::delivery::committed) return "sent";
    return message->state == state::delivery::failed ? "failed" : "sending";
}

std::string row::look(const clock& clock) const {
    if (kind == row_kind::day) {
        const std::int64_t ago = clock.day_of(clock.date_ms) - clock.day_of(at_ms());
        return ago == 0 ? "today" : ago == 1 ? "yesterday" : "";
    }
    if (kind != row_kind::message) return "";
    return std::string(starts_group ? "first " : "next ") + std::string(delivery()) +
           (message ? message->problem : "");
}

void fit(window& window, const state::room& room, const clock& clock) {
    const auto& log = room.log;
    ensure(!log.empty());
    const bool is_new = window.first == 0;
    window.first = std::clamp(window.first, log.oldest(), log.top());
    if (window.pinned) {
        if (is_new || !reaches_top(room, window.first, clock))
            window.first = rows_above(room, log.top(), rows_at_end, clock);
    } else if (window.at_top) {
        window.first = rows_above(room, window.first, rows_shifted, clock);
    } else if (window.at_bottom && !window.reaches_end) {
        window.first = rows_below(room, window.first, rows_shifted, clock);
    }
    window.at_top = false;
    window.at_bottom = false;
}

std::vector<row> rows_in(window& window, const state::model& model, const state::room& room,
                         const clock& clock) {
    std::vector<row> rows;
    std::uint64_t seq = window.first;
    while (!room.log.empty() && seq <= room.log.top() && rows.size() < rows_max)
        add_event(rows, room, seq++, clock);
    window.reaches_end = room.log.empty() || seq > room.log.top();
    if (window.reaches_end) add_unsent(rows, model, room, clock);
    // A committed message counts twice until its event has come. The oldest rows give way.
    if (rows.size() > page_rows_max) rows.erase(rows.begin(), rows.end() - page_rows_max);
    return rows;
}

}  // namespace parley::view
