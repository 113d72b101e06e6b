// This browser's copy of a part of one room's log: stretches of it, each with the entries that it
// holds. A run (contiguous events) extends the last stretch and keeps all of them true: a change is
// folded into its message wherever that is. A page (the folded entries of a stretch) adds a stretch
// or extends one; stretches that touch become one.
//
// Invariants, checked after every change in debug and sanitizer builds and by the simulation:
// 1. The stretches are ascending and do not touch; each stands for at least one event.
// 2. The entries of a stretch are ascending, within it, and none is a change.
// 3. `entries_` is the number of all entries, `bytes_` the sum of the lengths of their texts.
// 4. The copy is within its limits.
#pragma once

#include "shared/ensure.hpp"
#include "shared/protocol/events.hpp"

#include <cstdint>
#include <vector>

namespace parley::state {

// Limits of memory. Beyond them the oldest entries are dropped, many at a time.
inline constexpr std::size_t log_entries_max = 20'000;
inline constexpr std::size_t log_bytes_max = 64 * 1024 * 1024;
inline constexpr std::size_t forgotten_at_once = 1'000;
// A page may have been read before the newest runs came: so many changes are remembered for it.
inline constexpr std::size_t recent_changes_max = 256;

// A part of the log without gaps. It stands for all events from..to.
struct stretch {
    std::uint64_t from{};
    std::uint64_t to{};
    std::vector<protocol::event> entries;

    bool contains(std::uint64_t seq) const { return from <= seq && seq <= to; }
    // The index of the first entry that has this seq or a higher one.
    std::size_t index_of(std::uint64_t seq) const;
};

// Entries as they stand in an answer of the server, for all events from..to.
struct page_of_log {
    std::uint64_t from{};
    std::uint64_t to{};
    std::uint64_t top{};  // the newest event that is folded in
    std::vector<protocol::event> entries;
};

class room_log {
public:
    enum class verdict : std::uint8_t { applied, duplicate, gap };

    // Applies the event of a run that follows `top()`. The first event of an empty copy sets the
    // base, whatever its seq.
    verdict apply(protocol::event next);

    // Takes a page, of a copy that is not empty only what lies below its end. False: nothing does,
    // or the page is so old that it may lack changes.
    bool take(page_of_log page);

    bool empty() const { return stretches_.empty(); }
    bool full() const { return entries_ >= log_entries_max || bytes_ >= log_bytes_max; }
    std::size_t size() const { return entries_; }
    const std::vector<stretch>& stretches() const { return stretches_; }

    // The last stretch, which runs extend; null while the copy is empty.
    const stretch* tail() const { return empty() ? nullptr : &stretches_.back(); }
    // The stretch that stands for this event; null: none does.
    const stretch* around(std::uint64_t seq) const;
    // Null: the entry is not in the copy.
    const protocol::event* find(std::uint64_t seq) const;

    // Of the last stretch; 0 while the copy is empty.
    std::uint64_t oldest() const { return empty() ? 0 : stretches_.back().from; }
    std::uint64_t top() const { return empty() ? 0 : stretches_.back().to; }

    void check_invariants() const;

private:
    protocol::event* find_mutable(std::uint64_t seq);
    void add_entry(stretch& to, protocol::event entry);
    void fold(const protocol::event& change);
    void remember(const protocol::event& change);
    void merge_touching();
    void recount();
    void forget_oldest();
    void changed() const {
        if constexpr (invariants_are_checked) check_invariants();
    }

    std::vector<stretch> stretches_;
    std::size_t entries_ = 0;
    std::size_t bytes_ = 0;  // of their texts
    std::vector<protocol::event> recent_changes_;
    std::uint64_t changes_forgotten_to_ = 0;  // seq of the newest change that is not remembered
};

}  // namespace parley::state
