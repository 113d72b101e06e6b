// Slows down guessing: a token bucket for each key, and a bound on how many keys are remembered.
// Pure; one thread.
#pragma once

#include "server/chat/pace.hpp"

#include <list>
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
    // Beyond `keys_max` the key unused for longest is forgotten.
    throttle(pace allowed, std::size_t keys_max)
        : allowed_{allowed.burst, allowed.interval_ms * 1'000'000}, keys_max_(keys_max) {}

    // Takes one attempt. 0: it is allowed; otherwise the milliseconds until one will be.
    std::uint64_t take(const std::string& key, chat::steady_ms now);

    // The attempt was a good one: it does not count.
    void give_back(const std::string& key);

    std::size_t keys() const { return index_.size(); }

private:
    struct bucket {
        std::string key;
        chat::pace level;
    };
    using buckets = std::list<bucket>;  // used last first

    bucket& touch(const std::string& key);

    const chat::allowance allowed_;
    const std::size_t keys_max_;
    buckets order_;
    std::unordered_map<std::string, buckets::iterator> index_;
};

}  // namespace parley::auth
