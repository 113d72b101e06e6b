// Puts the runs of one room in order for one shard, whatever the bus loses, repeats or reorders,
// and says when the ledger must be asked for what is missing: once for the room, however many
// connections follow it. It begins where the first of them goes live.
//
// Invariants, once it has begun:
//  1. What it lets pass is contiguous and ends at end().
//  2. At most early_runs_max runs wait; none of them lies wholly before end().
//  3. While something is known to be missing, a page is being read or must_read() is true.
#pragma once

#include "server/chat/broadcast.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace parley::chat {

// A room that lacks more events than these is not repaired: its connections are told the head.
inline constexpr std::uint64_t repair_events_max = 1'000;

class feed {
public:
    using run = std::shared_ptr<const broadcast>;

    bool begun() const { return end_.has_value(); }

    // REQUIRES: begun().
    std::uint64_t end() const { return *end_; }

    // Every event after `end` is let pass from here on. REQUIRES: !begun().
    void begin(std::uint64_t end);

    // Nobody is live: nothing needs to be complete until it begins anew. A doubt stays.
    void stop();

    // A run was heard. True: it passes now. False: it waits for what is missing, or came before.
    // Before the feed has begun all runs pass.
    bool hear(const run& heard);

    // The next of the runs that waited; null when none passes now.
    run next();

    // Hints were lost: whatever was committed until now may be missing.
    void doubt() { doubted_ = true; }

    // The events after end() are to be read from the ledger.
    bool must_read() const { return end_ && !reading_ && (doubted_ || heard_ > *end_); }
    bool is_far_behind() const { return end_ && heard_ > *end_ + repair_events_max; }

    // A page after end() is being read. REQUIRES: must_read().
    void reading_began();

    // It was read, and the log reaches `top`. Its events are heard next.
    void page_read(std::uint64_t top);
    void reading_failed();

    // What is missing up to `top` is given up. REQUIRES: begun().
    void skip_to(std::uint64_t top);

    void check_invariants() const;

private:
    static constexpr std::size_t early_runs_max = 64;

    void drop_late();

    std::optional<std::uint64_t> end_;  // nothing: it has not begun
    std::uint64_t heard_ = 0;           // the last event that is known
    bool doubted_ = false;              // since the page that is being read was asked for
    bool reading_ = false;
    std::vector<run> early_;  // in the order in which they came
};

}  // namespace parley::chat
