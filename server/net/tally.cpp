// An entry goes with the last that it counts, so the map is as large as what is connected.
#include "server/net/tally.hpp"

namespace parley::net {

std::optional<tally::ticket> tally::take(const std::string& key) {
    if (most_ == 0) return ticket();
    const std::lock_guard lock(mutex_);
    const auto [found, added] = entries_.try_emplace(key, entry{*this, nullptr, 0});
    entry& mine = found->second;
    if (mine.count >= most_) return std::nullopt;
    mine.key = &found->first;
    ++mine.count;
    return ticket(&mine);
}

void tally::give_up(entry& from) {
    const std::lock_guard lock(mutex_);
    if (--from.count == 0) entries_.erase(entries_.find(*from.key));
}

}  // namespace parley::net
