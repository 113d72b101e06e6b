// The limits are asked in turn. When one refuses, what the earlier ones have taken goes back.
#include "server/auth/guess_limits.hpp"

#include "server/base/address.hpp"

namespace parley::auth {
namespace {

// The blank separates: no user name contains one.
std::string pair_of(const guess& attempt) { return attempt.user + " " + attempt.address; }
std::string device_key(const guess& attempt) { return attempt.user + " " + attempt.device; }

}  // namespace

guess_limits::admission guess_limits::take(const guess& attempt, base::steady_ms now) {
    if (!attempt.device.empty() && by_device_.take(device_key(attempt), now) == 0)
        return {.by_device = true};
    return take_as_stranger(attempt, now);
}

guess_limits::admission guess_limits::take_as_stranger(const guess& attempt, base::steady_ms now) {
    const bool counts = !base::is_loopback(attempt.address);
    const std::string pair = pair_of(attempt);
    if (counts)
        if (const auto retry_ms = by_address_.take(attempt.address, now))
            return {.retry_ms = retry_ms};
    admission out{.rank = rank_of(pair, now)};
    out.retry_ms = by_pair_.take(pair, now);
    if (out.retry_ms == 0) {
        const auto wait_ms = by_account_[out.rank].reserve(attempt.user, now, guess_delay_max_ms);
        if (wait_ms <= guess_delay_max_ms) {
            on_record_.take(pair, now);
            out.delay_ms = wait_ms;
            return out;
        }
        by_pair_.give_back(pair);
        out.retry_ms = wait_ms - guess_delay_max_ms;
    }
    if (counts) by_address_.give_back(attempt.address);
    return out;
}

void guess_limits::give_back(const guess& attempt, const admission& taken) {
    if (taken.by_device) return by_device_.give_back(device_key(attempt));
    by_address_.give_back(attempt.address);
    by_pair_.give_back(pair_of(attempt));
    on_record_.give_back(pair_of(attempt));
    by_account_[taken.rank].give_back(attempt.user);
}

std::size_t guess_limits::rank_of(const std::string& pair, base::steady_ms now) const {
    const std::uint64_t failures = on_record_.missing(pair, now);
    std::size_t rank = 0;
    while (failures > ranks[rank].failures_max) ++rank;
    return rank;
}

}  // namespace parley::auth
