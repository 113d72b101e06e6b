// Keys in the order in which their buckets are full, and where each is.
#include "server/auth/throttle.hpp"

#include <algorithm>

namespace parley::auth {

bool is_this_machine(const std::string& address) {
    return address == "127.0.0.1" || address == "::1";
}

std::uint64_t throttle::reserve(const std::string& key, chat::steady_ms now,
                                std::uint64_t patience_ms) {
    const chat::steady_ms latest = now + allowed_.burst * allowed_.interval_ms;
    const chat::steady_ms taken = std::max(full_at(key), now) + allowed_.interval_ms;
    const std::uint64_t wait_ms = taken > latest ? taken - latest : 0;
    if (wait_ms <= patience_ms) put(key, taken);
    return wait_ms;
}

void throttle::give_back(const std::string& key) {
    const chat::steady_ms full = full_at(key);
    if (full > 0) put(key, full - std::min(full, allowed_.interval_ms));
}

std::uint64_t throttle::owed(const std::string& key, chat::steady_ms now) const {
    const chat::steady_ms full = full_at(key);
    return full <= now ? 0 : (full - now + allowed_.interval_ms - 1) / allowed_.interval_ms;
}

// Of a key that is not remembered, long ago.
chat::steady_ms throttle::full_at(const std::string& key) const {
    const auto found = buckets_.find(key);
    return found == buckets_.end() ? 0 : found->second->first;
}

void throttle::put(const std::string& key, chat::steady_ms full_at) {
    const auto found = buckets_.find(key);
    if (found != buckets_.end()) {
        order_.erase(found->second);
    } else if (buckets_.size() == keys_max_) {
        buckets_.erase(order_.begin()->second);
        order_.erase(order_.begin());
    }
    buckets_[key] = order_.emplace(full_at, key);
}

}  // namespace parley::auth
