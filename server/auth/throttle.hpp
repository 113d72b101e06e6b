// Slows down guessing: a token bucket for each key, and a bound on how many keys are remembered.
// Pure; one thread.
#pragma once

#include "server/chat/identity.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>

namespace parley::auth {

struct pace {
    std::uint64_t burst;        // at once
    std::uint64_t interval_ms;  // one more after each
};

// A program on this machine is not slowed down for its address: it is a proxy that does not say for
// whom it asks, or the operator's own.
bool is_this_machine(const std::string& address);

class throttle {
public:
    // Beyond `keys_max` the key with the fewest attempts on record is forgotten: whoever wants to
    // be forgotten has to make more attempts under each of `keys_max` other keys.
    throttle(pace allowed, std::size_t keys_max) : allowed_(allowed), keys_max_(keys_max) {}

    // Takes one attempt. 0: it is allowed; otherwise the milliseconds until one will be.
    std::uint64_t take(const std::string& key, chat::steady_ms now) { return reserve(key, now, 0); }

    // Takes one attempt that will be allowed within `patience_ms`. The milliseconds until it is;
    // more than `patience_ms`: nothing was taken.
    std::uint64_t reserve(const std::string& key, chat::steady_ms now, std::uint64_t patience_ms);

    // The attempt was a good one: it does not count.
    void give_back(const std::string& key);

    // Attempts that time has not made up for yet.
    std::uint64_t owed(const std::string& key, chat::steady_ms now) const;

    std::size_t keys() const { return buckets_.size(); }

private:
    // A bucket is the time at which it is full again (generic cell rate algorithm, ITU-T I.371).
    using order = std::multimap<chat::steady_ms, std::string>;  // the earliest first

    chat::steady_ms full_at(const std::string& key) const;
    void put(const std::string& key, chat::steady_ms full_at);

    const pace allowed_;
    const std::size_t keys_max_;
    order order_;
    std::unordered_map<std::string, order::iterator> buckets_;
};

}  // namespace parley::auth
