// How often a password may be tried. Guesses are limited by where they come from, so that strangers
// cannot lock the owner out; the sum of all guesses at one account only slows them down. Pure; one
// thread.
#pragma once

#include "server/base/token_buckets.hpp"

#include <array>
#include <string>

namespace parley::auth {

// Failed attempts: one that succeeds is given back. From one address: at all accounts together, and
// at one account (10 at once and 60 an hour).
inline constexpr auto attempts_per_address = base::allowance::one_each(50, 1'000);
inline constexpr auto attempts_per_account_and_address = base::allowance::one_each(10, 60'000);

// From one device that has signed in to the account before. Nothing else counts for it.
inline constexpr auto attempts_per_device = base::allowance::one_each(10, 60'000);

// The failures of an address at one account are on record; each hour one is forgotten. Their number
// is the rank of the address, and each rank has a budget for all its addresses together. So an
// address without failures does not wait behind those with some, and an attacker's guesses at one
// account stay bounded:
// - from one address: 70 in an hour, then 60 each hour;
// - from 50 addresses: at most 50 + 150 + 370 in an hour, then about 410 each hour;
// - from ever new addresses: at most 100 + 1800 an hour. Only these delay an owner who signs in
//   from a new address and a new device.
inline constexpr auto failures_on_record = base::allowance::one_each(1'000, 60 * 60 * 1'000);
struct guess_rank {
    std::uint64_t failures_max;
    base::allowance budget;
};
inline constexpr std::array<guess_rank, 3> ranks{{
    {0, base::allowance::one_each(100, 2'000)},
    {3, base::allowance::one_each(100, 5'000)},
    {failures_on_record.burst, base::allowance::one_each(10, 10'000)},
}};

// Beyond its budget a guess waits. If it would have to wait longer than this, it is refused.
inline constexpr std::uint64_t guess_delay_max_ms = 10'000;

// Sizes of the tables; a full one forgets the key with the fewest attempts. Every failure costs the
// server a hash of tens of milliseconds, so attempts, which count for about a minute, expire before
// their table is full. Failures count for hours: at 40 hashes a second there are 144,000 an hour.
inline constexpr std::size_t attempt_keys_max = 10'000;
inline constexpr std::size_t recorded_failures_max = 150'000;  // 25 MB, under attack

struct guess {
    std::string user;
    std::string address;  // of the far end
    std::string device;   // one that has signed in to this account before; empty: none
};

class guess_limits {
public:
    struct admission {
        std::uint64_t retry_ms = 0;  // more than 0: refused, and nothing was taken
        std::uint64_t delay_ms = 0;  // to wait before the guess is tried
        bool by_device = false;
        std::size_t rank = 0;
    };
    admission take(const guess& attempt, base::steady_ms now);

    // The guess was right, or was not tried: it does not count.
    void give_back(const guess& attempt, const admission& taken);

private:
    struct table : base::token_buckets {
        table(base::allowance allowed, std::size_t keys_max = attempt_keys_max)
            : token_buckets(allowed, keys_max) {}
    };
    admission take_as_stranger(const guess& attempt, base::steady_ms now);
    std::size_t rank_of(const std::string& pair, base::steady_ms now) const;

    table by_device_{attempts_per_device};
    table by_address_{attempts_per_address};
    table by_pair_{attempts_per_account_and_address};
    table on_record_{failures_on_record, recorded_failures_max};
    std::array<table, ranks.size()> by_account_{ranks[0].budget, ranks[1].budget, ranks[2].budget};
};

}  // namespace parley::auth
