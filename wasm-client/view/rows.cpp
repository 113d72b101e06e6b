// Derives each row from an event and the one before it, so that a row looks the same wherever the
// window begins.
#include "wasm-client/view/rows.hpp"

#include "shared/ensure.hpp"
#include "shared/protocol/codec.hpp"
#include "wasm-client/state/pending.hpp"
#include "wasm-client/state/reading.hpp"

#include <algorithm>

namespace parley::view {
namespace {

constexpr std::int64_t day_ms = 24 * 60 * 60 * 1000;

bool is_message(const protocol::event& event) {
    return protocol::as<protocol::message>(event) != nullptr;
}

bool continues(const protocol::event& event, const protocol::event& before) {
    // The server's clock may have been set back in between.
    const std::uint64_t apart = event.at < before.at ? before.at - event.at : event.at - before.at;
    return is_message(before) && before.author == event.author && apart < group_span_ms;
}

// Derives the rows of the entries of one stretch.
class entry_rows {
public:
    entry_rows(const state::stretch& all, const state::model& model, const state::room& room,
               const clock& clock)
        : entries_(all.entries), clock_(clock) {
        if (!room.new_after || *room.new_after + 1 < all.from) return;
        for (std::size_t i = all.index_of(*room.new_after + 1); i < size() && first_new_ == 0; ++i)
            if (state::is_news(entries_[i], model.me)) first_new_ = entries_[i].seq;
    }

    std::size_t size() const { return entries_.size(); }

    void add(std::vector<row>& rows, std::size_t index) const {
        const protocol::event& event = entries_[index];
        const protocol::event* before = index > 0 ? &entries_[index - 1] : nullptr;
        const bool new_day = !before || clock_.day_of(before->at) != clock_.day_of(event.at);
        const bool is_first_new = event.seq == first_new_;
        if (new_day) rows.push_back({.kind = row_kind::day, .event = &event});
        if (is_first_new) rows.push_back({.kind = row_kind::new_line, .event = &event});
        const row_kind kind = is_message(event) ? row_kind::message : row_kind::note;
        const bool starts = new_day || is_first_new || !continues(event, *before);
        rows.push_back({.kind = kind, .event = &event, .starts_group = starts});
    }

    // The index of the entry that is `count` rows above this one, or the oldest.
    std::size_t above(std::size_t index, std::size_t count) const {
        for (std::size_t rows = 0; index > 0 && rows < count; --index) rows += rows_of(index - 1);
        return index;
    }
    std::size_t below(std::size_t index, std::size_t count) const {
        for (std::size_t rows = 0; index + 1 < size() && rows < count; ++index)
            rows += rows_of(index);
        return index;
    }
    // Whether a window that begins at this entry has room for the newest one.
    bool reach_end(std::size_t index) const {
        std::size_t rows = 0;
        for (; index + 1 < size() && rows < rows_max; ++index) rows += rows_of(index);
        return rows < rows_max;
    }

private:
    std::size_t rows_of(std::size_t index) const {
        std::vector<row> rows;
        add(rows, index);
        return rows.size();
    }

    const std::vector<protocol::event>& entries_;
    const clock& clock_;
    std::uint64_t first_new_ = 0;
};

void add_unsent(std::vector<row>& rows, const state::model& model, const state::room& room,
                const clock& clock) {
    const state::stretch* const tail = room.log.tail();
    const protocol::event* last = tail && !tail->entries.empty() ? &tail->entries.back() : nullptr;
    std::uint64_t before_ms = last ? last->at : 0;
    bool starts = !last || !is_message(*last) || last->author != model.me;
    for (const state::unsent& message : model.unsent.messages()) {
        if (!message.message() || message.room() != model.open) continue;
        const bool new_day =
            before_ms == 0 || clock.day_of(before_ms) != clock.day_of(message.at_ms);
        if (new_day) rows.push_back({.kind = row_kind::day, .message = &message});
        starts = starts || new_day || message.at_ms >= before_ms + group_span_ms;
        rows.push_back({.kind = row_kind::message, .message = &message, .starts_group = starts});
        before_ms = message.at_ms;
        starts = false;
    }
}

// What has changed a message so far. What is pending has no number yet.
std::string look_of(const protocol::event& event, bool pending) {
    const auto& message = *protocol::as<protocol::message>(event);
    std::string look = " " + std::to_string(protocol::rev_of(event)) + " " +
                       std::to_string(message.marks.value_or(0));
    if (!pending) return look;
    return look + protocol::encode_body(event.body);
}

}  // namespace

std::int64_t clock::day_of(std::uint64_t at_ms) const {
    const auto local = static_cast<std::int64_t>(at_ms) + offset_ms(at_ms);
    return local >= 0 ? local / day_ms : (local - day_ms + 1) / day_ms;
}

std::string row::key() const {
    const std::string identity = event ? std::to_string(event->seq) : message->nonce();
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

std::string row::look(const state::model& model, const clock& clock) const {
    if (kind == row_kind::day) {
        const std::int64_t ago = clock.day_of(clock.date_ms) - clock.day_of(at_ms());
        return ago == 0 ? "today" : ago == 1 ? "yesterday" : "";
    }
    if (kind != row_kind::message) return "";
    std::string look = std::string(starts_group ? "first " : "next ") + std::string(delivery());
    if (const state::room* const room = state::find_room(model, model.open); room && room->joined)
        look += " joined";  // which gives it a menu
    if (event) return look + look_of(shown(), pending.has_value());
    const auto text = state::as_pending(model.unsent, *message);
    return look + (text.deleted ? " deleted " : " ") + text.text + message->problem;
}

void fit(window& window, const state::model& model, const state::room& room, const clock& clock) {
    const state::stretch* const all = window.stretch_in(room.log);
    ensure(all);
    if (all->entries.empty()) return;
    const entry_rows rows(*all, model, room, clock);
    const std::size_t last = rows.size() - 1;
    std::size_t first = std::min(all->index_of(window.first), last);
    if (window.pinned) {
        if (window.first == 0 || !rows.reach_end(first)) first = rows.above(last, rows_at_end);
    } else if (window.at_top) {
        first = rows.above(first, rows_shifted);
    } else if (window.at_bottom && !rows.reach_end(first)) {
        first = rows.below(first, rows_shifted);
    }
    window.first = all->entries[first].seq;
    window.at_top = false;
    window.at_bottom = false;
}

std::vector<row> rows_in(window& window, const state::model& model, const state::room& room,
                         const clock& clock) {
    std::vector<row> rows;
    const state::stretch* const all = window.stretch_in(room.log);
    window.reaches_end = all == room.log.tail();
    if (all) {
        const entry_rows entries(*all, model, room, clock);
        std::size_t index = all->index_of(window.first);
        while (index < entries.size() && rows.size() < rows_max) entries.add(rows, index++);
        window.reaches_end = window.reaches_end && index == entries.size();
    }
    if (window.reaches_end) add_unsent(rows, model, room, clock);
    // A committed message counts twice until its event has come. The oldest rows give way.
    if (rows.size() > page_rows_max) rows.erase(rows.begin(), rows.end() - page_rows_max);
    for (row& row : rows)
        if (row.kind == row_kind::message && row.event)
            row.pending = state::with_pending(model.unsent, model.open, *row.event, model.me);
    return rows;
}

}  // namespace parley::view
