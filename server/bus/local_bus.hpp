// The bus of a single process: each hint is handed, as it is, to the shards that are interested.
#pragma once

#include "server/base/mutex.hpp"
#include "server/chat/bus.hpp"
#include "server/chat/interests.hpp"

#include <memory>
#include <vector>

namespace parley::bus {

class local_bus final : public chat::bus {
public:
    // The way to one shard. Called from any thread, in order; no call waits.
    class receiver {
    public:
        virtual ~receiver() = default;
        virtual void hear(chat::hint_list hints) = 0;  // or drops them
    };

    // The next shard, counted from 0. REQUIRES: nothing has been published yet.
    void attach(std::unique_ptr<receiver> newcomer);

    void publish(chat::hint_list hints) override;
    void begin_interest(std::size_t shard, chat::subject about) override;
    void end_interest(std::size_t shard, chat::subject about) override;

private:
    std::vector<std::unique_ptr<receiver>> receivers_;
    base::mutex mutex_;  // never held while a shard hears
    chat::interests interests_ GUARDED_BY(mutex_);
};

}  // namespace parley::bus
