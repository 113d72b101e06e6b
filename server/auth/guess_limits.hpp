// How often a password may be tried. A guess counts where it comes from, so that those of strangers
// do not shut the owner out; the sum of all guesses at one account only slows. Pure; one thread.
#pragma once

#include "server/base/token_buckets.hpp"

#include <array>
#include <string>

namespace parley::auth {

// Failed attempts; one that succeeds is given back. From one address: at all accounts, and at one
// (10 at once and 60 an hour).
inline constexpr auto attempts_per_address = base::allowance::one_each(50, 1'000);
inline constexpr auto attempts_per_account_and_address = base::allowance::one_each(10, 60'000);

// From one device that has signed in to the account before. Nothing else counts for it.
inline constexpr auto attempts_per_device = base::allowance::one_each(10, 60'000);

// Failures at one account that an address has on record: one is forgotten after each hour. They
// rank it, and each rank has a budget for all addresses together. So whoever has not failed there
// does not wait behind those who have, and an attacker's guesses at one account stay bounded:
// - from one address: 70 in an hour, then 60 each hour;
// - from 50 addresses: at most 50 + 150 + 370 in an hour, then about 410 each hour;
// - from ever new addresses: at most 100 + 1800 an hour, and only these hold up an owner who signs
//   in from a place and a device that are new.
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

// Beyond its budget a guess waits, but not for longer than this: then it is refused.
inline constexpr std::uint64_t guess_delay_max_ms = 10'000;

// Of each kind; a full table forgets the key with the fewest attempts (see token_buckets). Every
// failure costs the server a hash of tens of milliseconds, so that attempts, which count for a
// minute or so, are forgotten by time before the table is full. Failures count for hours: at 40
// hashes a second 144,000 come in one.
inline constexpr std::size_t attempt_keys_max = 10'000;
inline constexpr std::size_t recorded_failures_max = 150'000;  // 25 MB, under attack

struct guess {
    std::string user;
    std::string address;  // of the far end; see is_loopback
    std::string device;   // that has signed in to this account before; empty: none
};

class guess_limits {
public:
    struct admission {
        std::uint64_t retry_ms = 0;  // more than 0: refused, and nothing was taken
        std::uint64_t delay_ms = 0;  // to wait before it is tried
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
