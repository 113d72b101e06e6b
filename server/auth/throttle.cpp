// Keys in the order of their last use, and where each is.
#include "server/auth/throttle.hpp"

namespace parley::auth {

bool is_this_machine(const std::string& address) {
    return address == "127.0.0.1" || address == "::1";
}

std::uint64_t throttle::take(const std::string& key, chat::steady_ms now) {
    return touch(key).level.take(allowed_, now);
}

void throttle::give_back(const std::string& key) {
    const auto found = index_.find(key);
    if (found != index_.end()) found->second->level.give_back(allowed_);
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
    order_.push_front({key, {}});
    index_.emplace(key, order_.begin());
    return order_.front();
}

}  // namespace parley::auth
