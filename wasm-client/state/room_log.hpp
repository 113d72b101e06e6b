// The copy of one room's log that this browser holds: contiguous events from `oldest()` to `top()`.
#pragma once

#include "shared/protocol/records.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace parley::state {

// Memory: past the limit the oldest are let go, a chunk at a time.
inline constexpr std::size_t held_events_max = 20'000;
inline constexpr std::size_t held_bytes_max = 64 * 1024 * 1024;
inline constexpr std::size_t forgotten_at_once = 1'000;

class room_log {
public:
    enum class verdict : std::uint8_t { applied, duplicate, gap };

    // Applies what follows `top()`. The first event of an empty copy sets the base, whatever its
    // seq.
    verdict apply(protocol::event next);

    // Takes the part of an ascending page that ends right below `oldest()`; returns how many events
    // that was.
    std::size_t prepend(std::vector<protocol::event> page);

    bool empty() const { return events_.empty(); }
    bool full() const { return events_.size() >= held_events_max || bytes_ >= held_bytes_max; }
    std::size_t size() const { return events_.size(); }

    // 0 while empty.
    std::uint64_t oldest() const { return events_.empty() ? 0 : events_.front().seq; }
    std::uint64_t top() const { return events_.empty() ? 0 : events_.back().seq; }

    bool holds(std::uint64_t seq) const { return !empty() && seq >= oldest() && seq <= top(); }
    // REQUIRES: holds(seq).
    const protocol::event& at(std::uint64_t seq) const {
        return events_[static_cast<std::size_t>(seq - oldest())];
    }

private:
    void forget_oldest();

    std::deque<protocol::event> events_;
    std::size_t bytes_ = 0;  // of their texts
};

}  // namespace parley::state
