// A token bucket as one number: the time at which it is full again (generic cell rate algorithm,
// ITU-T I.371).
#pragma once

#include "server/chat/identity.hpp"

#include <algorithm>
#include <cstdint>

namespace parley::chat {

// How much at once, and one more after each interval. Either number 0: no limit.
struct allowance {
    std::uint64_t burst = 0;
    std::uint64_t interval_ns = 0;
};

// Nothing a second: no limit, too.
constexpr allowance at_pace(std::uint64_t burst, std::uint64_t per_second) {
    return {burst, per_second > 0 ? 1'000'000'000 / per_second : 0};
}

// Eight bytes, because a connection has several. What is allowed is said with each use, always the
// same.
class pace {
public:
    // Takes one and returns 0, or takes nothing and returns how many milliseconds until there is
    // one. `now` may repeat.
    std::uint64_t take(const allowance& of, steady_ms now) {
        const std::uint64_t wait_ms = wait(of, now);
        if (wait_ms == 0) spend(of, now, 1);
        return wait_ms;
    }

    // Milliseconds until there is one; 0: now.
    std::uint64_t wait(const allowance& of, steady_ms now) const {
        if (of.burst == 0 || of.interval_ns == 0) return 0;
        const std::uint64_t latest = now * ns_per_ms + of.burst * of.interval_ns;
        const std::uint64_t taken = std::max(full_at_ns_, now * ns_per_ms) + of.interval_ns;
        return taken > latest ? rounded_up(taken - latest) : 0;
    }

    // Takes `count` whether they are there or not, and returns how many milliseconds until none is
    // owed.
    std::uint64_t spend(const allowance& of, steady_ms now, std::uint64_t count) {
        if (of.burst == 0 || of.interval_ns == 0) return 0;
        full_at_ns_ = std::max(full_at_ns_, now * ns_per_ms) + count * of.interval_ns;
        const std::uint64_t latest = now * ns_per_ms + of.burst * of.interval_ns;
        return full_at_ns_ > latest ? rounded_up(full_at_ns_ - latest) : 0;
    }

    void give_back(const allowance& of) { full_at_ns_ -= std::min(full_at_ns_, of.interval_ns); }

    bool full(steady_ms now) const { return full_at_ns_ <= now * ns_per_ms; }

private:
    static constexpr std::uint64_t ns_per_ms = 1'000'000;
    static constexpr std::uint64_t rounded_up(std::uint64_t ns) {
        return (ns + ns_per_ms - 1) / ns_per_ms;
    }

    std::uint64_t full_at_ns_ = 0;
};

// Of one connection, or of one user over HTTP.
struct paces {
    pace sends;    // and other changes of the log
    pace lookups;  // what is read from the ledger, and read marks
};

}  // namespace parley::chat
