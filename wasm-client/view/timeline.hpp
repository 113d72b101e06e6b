// The timeline of the open room: keeps what the page shows, and writes the patches that bring it up
// to date.
#pragma once

#include "wasm-client/view/json_writer.hpp"
#include "wasm-client/view/rows.hpp"

#include <string>
#include <vector>

namespace parley::view {

// Nearer to an edge of the page than this many screens, the window moves.
inline constexpr double edge_screens = 1.5;
// Nearer to the newest than this counts as being there.
inline constexpr double end_px = 48;

class timeline {
public:
    // Where the page stands: pixels above and below what is visible, the height of that, and how
    // far the person moved since the last time (negative: up).
    void scrolled(double above_px, double below_px, double height_px, double moved_px);
    void jump_to_latest();

    // The newest row is on the screen.
    bool at_end() const { return placed_ && window_.pinned; }
    bool placed() const { return placed_; }
    // The window comes near the oldest event of the copy.
    bool wants_older(const state::model& model) const;

    // Patches: ["clear"], ["remove", key], ["insert", key of the next row or "", row], ["update",
    // row],
    // ["scroll", key or "end"], ["announce", text].
    void flush(json_writer& out, const state::model& model, const clock& clock);

private:
    // A row that the page has.
    struct shown {
        std::string key;
        std::string look;
    };

    void begin_room(json_writer& out, const std::string& room);
    bool patch(json_writer& out, const state::model& model, const std::vector<row>& rows,
               const clock& clock);
    void place(json_writer& out, const std::vector<row>& rows, bool changed);
    void announce(json_writer& out, const state::model& model, const state::room& room);

    std::string room_;
    window window_;
    bool placed_ = false;  // the page was told where to stand
    bool upwards_ = true;  // where the person last went
    std::vector<shown> shown_;
    std::uint64_t announced_ = 0;  // seq of the last event that was read out
};

}  // namespace parley::view
