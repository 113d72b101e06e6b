// Keys in the order in which their buckets are full, and where each key stands in it.
#include "server/base/token_buckets.hpp"

#include "shared/ensure.hpp"

namespace parley::base {

token_buckets::token_buckets(allowance allowed, std::size_t keys_max)
    : allowed_(allowed), keys_max_(keys_max) {
    ensure(keys_max > 0);
}

std::uint64_t token_buckets::reserve(const std::string& key, steady_ms now,
                                     std::uint64_t patience_ms) {
    if (allowed_.is_unlimited()) return 0;
    token_bucket bucket = bucket_of(key);
    const std::uint64_t wait_ms = bucket.reserve(allowed_, now, patience_ms);
    if (wait_ms <= patience_ms) put(key, bucket);
    return wait_ms;
}

void token_buckets::give_back(const std::string& key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return;
    token_bucket bucket = found->second->first;
    bucket.give_back(allowed_);
    put(key, bucket);
}

std::uint64_t token_buckets::missing(const std::string& key, steady_ms now) const {
    return bucket_of(key).missing(allowed_, now);
}

void token_buckets::forget_full(steady_ms now) {
    while (!order_.empty() && order_.begin()->first.is_full(now)) forget_fullest();
}

// The bucket of a key that is not remembered is full.
token_bucket token_buckets::bucket_of(const std::string& key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? token_bucket() : found->second->first;
}

void token_buckets::put(const std::string& key, token_bucket bucket) {
    const auto found = by_key_.find(key);
    if (found != by_key_.end())
        order_.erase(found->second);
    else if (by_key_.size() == keys_max_)
        forget_fullest();
    by_key_[key] = order_.emplace(bucket, key);
}

void token_buckets::forget_fullest() {
    by_key_.erase(order_.begin()->second);
    order_.erase(order_.begin());
}

}  // namespace parley::base
