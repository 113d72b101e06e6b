// The timeline of the open room: remembers the rows that the page shows, and writes the patches
// that bring them up to date.
#pragma once

#include "wasm-client/view/json_writer.hpp"
#include "wasm-client/view/rows.hpp"

#include <string>
#include <vector>

namespace parley::view {

// The window moves when an edge of the page is nearer than this many screens.
inline constexpr double edge_screens = 1.5;
// A page that is nearer to the newest row than this is at the end. timeline.js has the same number.
inline constexpr double end_px = 48;

class timeline {
public:
    // The scroll position: pixels above and below the visible part, the height of that part, and
    // how far the person moved since the last call (negative: up).
    void scrolled(double above_px, double below_px, double height_px, double moved_px);
    void jump_to_latest();

    // Whether the newest row is on the screen.
    bool at_end(const state::model& model) const { return positioned(model) && window_.pinned; }
    // Whether the page stands in the open room as this visit began.
    bool positioned(const state::model& model) const;
    // An event of the stretch that is shown, when the window is near its oldest entry, or near its
    // newest and newer ones are elsewhere; otherwise 0.
    std::uint64_t wants_older(const state::model& model) const;
    std::uint64_t wants_newer(const state::model& model) const;

    // Writes row_patches.
    void flush(json_writer& out, const state::model& model, const clock& clock);

private:
    // A row in the page.
    struct shown {
        std::string key;
        std::string look;
    };

    void begin_room(json_writer& out, const std::string& room);
    void choose_place(const state::room& room);
    bool patch_rows(json_writer& out, const state::model& model, const std::vector<row>& rows,
                    const clock& clock);
    void scroll(json_writer& out, const std::vector<row>& rows, bool changed);
    void announce(json_writer& out, const state::model& model, const state::room& room);

    std::string room_;
    window window_;
    std::uint64_t visit_ = 0;
    bool positioned_ = false;  // the page has its scroll position in this room
    bool upwards_ = true;      // the direction in which the person last scrolled
    std::vector<shown> shown_;
    std::uint64_t announced_ = 0;  // seq of the last event that was read out
};

}  // namespace parley::view
