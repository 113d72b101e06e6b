// What stands in the timeline: messages, days, the "New" line, notes; and which part of it is on
// the page.
#pragma once

#include "wasm-client/state/model.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace parley::view {

// Rows in the page at most, and those of events among them. A window that is pinned to the end lets
// go of a chunk when it is full, so that a busy room does not touch the top of the page with every
// message.
inline constexpr std::size_t page_rows_max = 200;
inline constexpr std::size_t rows_max = 140;
inline constexpr std::size_t rows_at_end = 80;
inline constexpr std::size_t rows_shifted = 50;
inline constexpr std::uint64_t group_span_ms = 5 * 60 * 1000;

// Local time is the page's to know: milliseconds to add to `at_ms` for the wall clock there and
// then.
struct clock {
    std::uint64_t now_ms;   // of reduce(): for durations
    std::uint64_t date_ms;  // as people's clocks say: for days and times of day
    std::int64_t (*offset_ms)(std::uint64_t at_ms);

    std::int64_t day_of(std::uint64_t at_ms) const;
};

enum class row_kind : std::uint8_t { message, day, new_line, note };

// Points into the model that it was made from. One of `event` and `message` is set; for a day or
// the "New" line it is what follows.
struct row {
    row_kind kind;
    const protocol::event* event = nullptr;
    const state::unsent* message = nullptr;
    bool starts_group = false;

    std::uint64_t at_ms() const { return event ? event->at : message->at_ms; }
    std::string key() const;
    // Of a message: "sent", "sending" or "failed".
    std::string_view delivery() const;
    // All that can change about the row of one key.
    std::string look(const clock& clock) const;
};

// The part of a room that is on the page.
struct window {
    std::uint64_t first = 0;  // seq of its first event; 0: not placed yet
    bool pinned = true;       // follows the newest
    bool at_top = false;      // the page came near its upper edge, or its lower
    bool at_bottom = false;
    bool reaches_end = true;  // the newest row is in it
};

// Moves the window as the page asked, and back into the log. REQUIRES: the log is not empty.
void fit(window& window, const state::room& room, const clock& clock);

// The rows of the window, and whether it reaches the end.
std::vector<row> rows_in(window& window, const state::model& model, const state::room& room,
                         const clock& clock);

}  // namespace parley::view
