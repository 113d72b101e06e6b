// An entry is erased with its last ticket, so the map is as large as the number of keys in use.
#include "server/net/tally.hpp"

#include "shared/ensure.hpp"

namespace parley::net {

tally::~tally() { ensure(entries_.empty()); }

std::optional<tally::ticket> tally::take(const std::string& key) {
    if (most_ == 0) return ticket();
    const base::mutex_lock lock(mutex_);
    const auto [found, added] = entries_.try_emplace(key, entry{*this, nullptr, 0});
    entry& counted = found->second;
    if (counted.count >= most_) return std::nullopt;
    counted.key = &found->first;
    ++counted.count;
    return ticket(&counted);
}

void tally::release(entry& from) {
    const base::mutex_lock lock(mutex_);
    if (--from.count == 0) entries_.erase(entries_.find(*from.key));
}

}  // namespace parley::net
