// One letter for each shard, with all that is of interest to it.
#include "server/bus/local_bus.hpp"

#include "shared/ensure.hpp"

#include <cstdint>
#include <utility>

namespace parley::bus {

void local_bus::attach(std::unique_ptr<receiver> newcomer) {
    ensure(receivers_.size() < chat::interested_shards_max);
    receivers_.push_back(std::move(newcomer));
}

void local_bus::publish(chat::hint_list hints) {
    if (hints.empty()) return;
    std::vector<chat::hint_list> by_shard(receivers_.size());
    {
        const base::mutex_lock lock(mutex_);
        for (const auto& hint : hints) {
            const std::uint64_t shards = interests_.shards_for(chat::about(*hint));
            for (std::size_t shard = 0; shard < by_shard.size(); ++shard)
                if (shards >> shard & 1) by_shard[shard].push_back(hint);
        }
    }
    for (std::size_t shard = 0; shard < by_shard.size(); ++shard)
        if (!by_shard[shard].empty()) receivers_[shard]->hear(std::move(by_shard[shard]));
}

void local_bus::begin_interest(std::size_t shard, chat::subject about) {
    const base::mutex_lock lock(mutex_);
    interests_.begin(shard, about);
}

void local_bus::end_interest(std::size_t shard, chat::subject about) {
    const base::mutex_lock lock(mutex_);
    interests_.end(shard, about);
}

}  // namespace parley::bus
