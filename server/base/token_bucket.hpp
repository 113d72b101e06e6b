// A token bucket: how much somebody may do at once, and how fast it may go on. It is one number,
// the time at which the bucket is full again (generic cell rate algorithm, ITU-T I.371). Pure.
#pragma once

#include "server/base/time.hpp"

#include <algorithm>
#include <cstdint>

namespace parley::base {

// `burst` tokens at once, and one more after each interval. Either number 0: no limit.
struct allowance {
    std::uint64_t burst = 0;
    std::uint64_t interval_ns = 0;

    // `rate` tokens a second; 0: no limit.
    static constexpr allowance per_second(std::uint64_t burst, std::uint64_t rate) {
        return {burst, rate > 0 ? 1'000'000'000 / rate : 0};
    }
    static constexpr allowance one_each(std::uint64_t burst, std::uint64_t interval_ms) {
        return {burst, interval_ms * 1'000'000};
    }
    constexpr bool is_unlimited() const { return burst == 0 || interval_ns == 0; }
};

// Eight bytes, because a connection has several. So each call is given the allowance, which must
// always be the same one. `now` may repeat, and never goes back.
class token_bucket {
public:
    // Takes a token and returns 0, or takes nothing and returns the milliseconds until there is
    // one.
    std::uint64_t take(const allowance& allowed, steady_ms now) { return reserve(allowed, now, 0); }

    // Takes a token that will be there within `patience_ms`, and returns the milliseconds until it
    // is. More than `patience_ms`: nothing was taken.
    std::uint64_t reserve(const allowance& allowed, steady_ms now, std::uint64_t patience_ms) {
        const std::uint64_t wait_ms = wait(allowed, now);
        if (wait_ms <= patience_ms) spend(allowed, now, 1);
        return wait_ms;
    }

    // Milliseconds until there is a token; 0: now.
    std::uint64_t wait(const allowance& allowed, steady_ms now) const {
        if (allowed.is_unlimited()) return 0;
        return past_the_burst(allowed, now, taken(allowed, now, 1));
    }

    // Takes `count` tokens whether they are there or not, and returns the milliseconds until none
    // is owed.
    std::uint64_t spend(const allowance& allowed, steady_ms now, std::uint64_t count) {
        if (allowed.is_unlimited()) return 0;
        full_at_ns_ = taken(allowed, now, count);
        return past_the_burst(allowed, now, full_at_ns_);
    }

    // Puts a token back.
    void give_back(const allowance& allowed) {
        full_at_ns_ -= std::min(full_at_ns_, allowed.interval_ns);
    }

    // Tokens that were taken and that time has not put back yet.
    std::uint64_t missing(const allowance& allowed, steady_ms now) const {
        if (allowed.is_unlimited() || is_full(now)) return 0;
        return rounded_up(full_at_ns_ - now * ns_per_ms, allowed.interval_ns);
    }

    bool is_full(steady_ms now) const { return full_at_ns_ <= now * ns_per_ms; }

    // Of two buckets with the same allowance: whether this one is full sooner.
    bool is_fuller_than(const token_bucket& other) const { return full_at_ns_ < other.full_at_ns_; }

private:
    static constexpr std::uint64_t ns_per_ms = 1'000'000;
    static constexpr std::uint64_t rounded_up(std::uint64_t value, std::uint64_t unit) {
        return (value + unit - 1) / unit;
    }

    // When it will be full, after `count` tokens more.
    std::uint64_t taken(const allowance& allowed, steady_ms now, std::uint64_t count) const {
        return std::max(full_at_ns_, now * ns_per_ms) + count * allowed.interval_ns;
    }
    static std::uint64_t past_the_burst(const allowance& allowed, steady_ms now,
                                        std::uint64_t full_at_ns) {
        const std::uint64_t latest_ns = now * ns_per_ms + allowed.burst * allowed.interval_ns;
        return full_at_ns > latest_ns ? rounded_up(full_at_ns - latest_ns, ns_per_ms) : 0;
    }

    std::uint64_t full_at_ns_ = 0;
};

}  // namespace parley::base
