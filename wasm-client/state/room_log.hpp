// This browser's copy of a part of one room's log.
//
// Invariants, checked after every change in debug and sanitizer builds and by the simulation:
// 1. The events are contiguous: each has the seq of the one before it plus 1, and none has seq 0.
// 2. `bytes_` is the sum of the lengths of their texts.
// 3. The copy is within its limits.
#pragma once

#include "shared/ensure.hpp"
#include "shared/protocol/records.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace parley::state {

// Limits of memory. Beyond them the oldest events are dropped, many at a time.
inline constexpr std::size_t log_events_max = 20'000;
inline constexpr std::size_t log_bytes_max = 64 * 1024 * 1024;
inline constexpr std::size_t forgotten_at_once = 1'000;

class room_log {
public:
    enum class verdict : std::uint8_t { applied, duplicate, gap };

    // Applies what follows `top()`. The first event of an empty copy sets the base, whatever its
    // seq.
    verdict apply(protocol::event next);

    // Takes the part of an ascending page that ends right below `oldest()`. Returns the number of
    // events taken.
    std::size_t prepend(std::vector<protocol::event> page);

    bool empty() const { return events_.empty(); }
    bool full() const { return events_.size() >= log_events_max || bytes_ >= log_bytes_max; }
    std::size_t size() const { return events_.size(); }

    // 0 while empty.
    std::uint64_t oldest() const { return events_.empty() ? 0 : events_.front().seq; }
    std::uint64_t top() const { return events_.empty() ? 0 : events_.back().seq; }

    bool contains(std::uint64_t seq) const { return !empty() && seq >= oldest() && seq <= top(); }
    // REQUIRES: contains(seq).
    const protocol::event& at(std::uint64_t seq) const {
        ensure(contains(seq));
        return events_[static_cast<std::size_t>(seq - oldest())];
    }

    void check_invariants() const;

private:
    void forget_oldest();
    void changed() const {
        if constexpr (invariants_are_checked) check_invariants();
    }

    std::deque<protocol::event> events_;
    std::size_t bytes_ = 0;  // of their texts
};

}  // namespace parley::state
