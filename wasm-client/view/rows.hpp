// The rows of the timeline: messages, days, the "New" line, notes; and the window, which is the
// part of a room that is in the page.
#pragma once

#include "wasm-client/state/model.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::view {

// At most page_rows_max rows are in the page, of which at most rows_max show events. A window at
// the end drops many rows at once when it is full, so that a busy room does not change the top of
// the page with every message.
inline constexpr std::size_t page_rows_max = 200;
inline constexpr std::size_t rows_max = 140;
inline constexpr std::size_t rows_at_end = 80;
inline constexpr std::size_t rows_shifted = 50;
inline constexpr std::uint64_t group_span_ms = 5 * 60 * 1000;

struct clock {
    std::uint64_t now_ms;   // for durations, as in reduce()
    std::uint64_t date_ms;  // for days and times of day, as people's clocks show them
    std::int64_t (*offset_ms)(std::uint64_t at_ms);  // local time minus UTC at `at_ms`

    // The local day as a number: the next day has the next one.
    std::int64_t day_of(std::uint64_t at_ms) const;
};

enum class row_kind : std::uint8_t { message, day, new_line, note };

// Points into the model. One of `event` and `message` is set; for a day or the "New" line it is the
// one that follows.
struct row {
    row_kind kind;
    const protocol::event* event = nullptr;
    const state::unsent* message = nullptr;
    bool starts_group = false;
    // The event with what this person did to it and what is still under way; nothing: as it is.
    std::optional<protocol::event> pending{};

    // REQUIRES: `event` is set.
    const protocol::event& shown() const { return pending ? *pending : *event; }
    std::uint64_t at_ms() const { return event ? event->at : message->at_ms; }
    std::string key() const;
    // For a message: "sent", "sending" or "failed".
    std::string_view delivery() const;
    // Everything that can change about a row while its key stays.
    std::string look(const state::model& model, const clock& clock) const;
};

// The part of a room that is in the page: rows of one stretch.
struct window {
    std::uint64_t first = 0;  // seq of its first entry; 0: not yet known
    bool pinned = true;       // it follows the newest row
    bool at_top = false;      // the page is near the upper edge of the window
    bool at_bottom = false;   // the page is near its lower edge
    bool reaches_end = true;  // the newest row is in it

    // The stretch that it shows; null: none yet.
    const state::stretch* stretch_in(const state::room_log& log) const {
        return pinned ? log.tail() : log.around(first);
    }
};

// Moves the window to where the page scrolled, and back into its stretch. REQUIRES: it has one.
void fit(window& window, const state::model& model, const state::room& room, const clock& clock);

// The rows of the window, and whether it reaches the end.
std::vector<row> rows_in(window& window, const state::model& model, const state::room& room,
                         const clock& clock);

}  // namespace parley::view
