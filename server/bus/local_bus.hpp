// The bus of a single process: each hint is handed to every shard.
#pragma once

#include "server/chat/bus.hpp"

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace parley::bus {

class local_bus final : public chat::bus {
public:
    // Hands a hint over to one shard, or drops it, without waiting. Called from any thread, in order.
    using receiver = std::function<void(std::shared_ptr<const chat::hint>)>;

    // REQUIRES: nothing has been published yet.
    void attach(receiver one) { receivers_.push_back(std::move(one)); }

    void publish(std::shared_ptr<const chat::hint> what) override {
        for (const receiver& one : receivers_) one(what);
    }

private:
    std::vector<receiver> receivers_;
};

}  // namespace parley::bus
