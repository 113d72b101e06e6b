// The bus of a single process: each hint is handed to every shard.
#pragma once

#include "server/chat/bus.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace parley::bus {

class local_bus final : public chat::bus {
public:
    // The way to one shard. Called from any thread, in order; none of it waits.
    class receiver {
    public:
        virtual ~receiver() = default;
        virtual void hear(std::shared_ptr<const chat::hint> what) = 0;  // or drops it
    };

    // REQUIRES: nothing has been published yet.
    void attach(std::unique_ptr<receiver> one) { receivers_.push_back(std::move(one)); }

    void publish(std::shared_ptr<const chat::hint> what) override {
        for (const auto& one : receivers_) one->hear(what);
    }

private:
    std::vector<std::unique_ptr<receiver>> receivers_;
};

}  // namespace parley::bus
