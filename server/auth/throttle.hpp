// Slows down guessing: a token bucket for each key, and a bound on how many keys are remembered. Pure; one thread.
#pragma once

#include "server/chat/identity.hpp"

#include <list>
#include <string>
#include <unordered_map>

namespace parley::auth {

struct pace {
    std::uint64_t burst;        // at once
    std::uint64_t interval_ms;  // one more after each
};

class throttle {
public:
    // Beyond `keys_max` the key unused for longest is forgotten.
    throttle(pace allowed, std::size_t keys_max) : allowed_(allowed), keys_max_(keys_max) {}

    // Takes one attempt. 0: it is allowed; otherwise the milliseconds until one will be.
    std::uint64_t take(const std::string& key, chat::time_ms now);

    // The attempt was a good one: it does not count.
    void give_back(const std::string& key);

    std::size_t keys() const { return index_.size(); }

private:
    // A bucket as the time at which it is full again: what was taken lies that far ahead of now.
    struct bucket {
        std::string key;
        chat::time_ms full_at;
    };
    using buckets = std::list<bucket>;  // used last first

    bucket& touch(const std::string& key);

    const pace allowed_;
    const std::size_t keys_max_;
    buckets order_;
    std::unordered_map<std::string, buckets::iterator> index_;
};

}  // namespace parley::auth
