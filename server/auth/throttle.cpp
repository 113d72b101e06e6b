// The generic cell rate algorithm (ITU-T I.371): a token bucket that needs no refilling.
#include "server/auth/throttle.hpp"

#include <algorithm>

namespace parley::auth {

std::uint64_t throttle::take(const std::string& key, chat::time_ms now) {
    bucket& mine = touch(key);
    const chat::time_ms full_at = std::max(mine.full_at, now) + allowed_.interval_ms;
    const chat::time_ms latest = now + allowed_.burst * allowed_.interval_ms;
    if (full_at > latest) return full_at - latest;
    mine.full_at = full_at;
    return 0;
}

void throttle::give_back(const std::string& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return;
    bucket& mine = *found->second;
    mine.full_at -= std::min(mine.full_at, allowed_.interval_ms);
}

throttle::bucket& throttle::touch(const std::string& key) {
    if (const auto found = index_.find(key); found != index_.end()) {
        order_.splice(order_.begin(), order_, found->second);
        return order_.front();
    }
    if (order_.size() == keys_max_) {
        index_.erase(order_.back().key);
        order_.pop_back();
    }
    order_.push_front({key, 0});
    index_.emplace(key, order_.begin());
    return order_.front();
}

}  // namespace parley::auth
