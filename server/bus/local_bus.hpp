// The bus of a single process: each hint is handed to every shard.
#pragma once

#include "server/chat/bus.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace parley::bus {

class local_bus final : public chat::bus {
public:
    // The way to one shard. Called from any thread, in order; no call waits.
    class receiver {
    public:
        virtual ~receiver() = default;
        virtual void hear(std::shared_ptr<const chat::hint> hint) = 0;  // or drops the hint
    };

    // REQUIRES: nothing has been published yet.
    void attach(std::unique_ptr<receiver> newcomer) { receivers_.push_back(std::move(newcomer)); }

    void publish(std::shared_ptr<const chat::hint> hint) override {
        for (const auto& shard : receivers_) shard->hear(hint);
    }

private:
    std::vector<std::unique_ptr<receiver>> receivers_;
};

}  // namespace parley::bus
