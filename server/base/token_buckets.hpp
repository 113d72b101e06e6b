// Token buckets by key, for example one for each address, and a bound on how many are remembered.
// Pure; one thread.
#pragma once

#include "server/base/token_bucket.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <unordered_map>

namespace parley::base {

class token_buckets {
public:
    // Beyond `keys_max` the fullest bucket is forgotten. So whoever wants an empty one to be
    // forgotten has to take more from each of `keys_max` others. REQUIRES: keys_max > 0.
    token_buckets(allowance allowed, std::size_t keys_max);

    // As token_bucket does for the bucket of this key.
    std::uint64_t take(const std::string& key, steady_ms now) { return reserve(key, now, 0); }
    std::uint64_t reserve(const std::string& key, steady_ms now, std::uint64_t patience_ms);
    void give_back(const std::string& key);
    std::uint64_t missing(const std::string& key, steady_ms now) const;

    // Frees the memory of full buckets: they say the same as none.
    void forget_full(steady_ms now);

    std::size_t keys() const { return by_key_.size(); }

private:
    struct fuller {
        bool operator()(const token_bucket& a, const token_bucket& b) const {
            return a.is_fuller_than(b);
        }
    };
    using order = std::multimap<token_bucket, std::string, fuller>;  // the fullest first

    token_bucket bucket_of(const std::string& key) const;
    void put(const std::string& key, token_bucket bucket);
    void forget_fullest();

    const allowance allowed_;
    const std::size_t keys_max_;
    order order_;
    std::unordered_map<std::string, order::iterator> by_key_;
};

}  // namespace parley::base
