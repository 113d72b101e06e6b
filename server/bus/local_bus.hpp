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
        virtual void hold() = 0;
        virtual void let_go() = 0;
    };

    // REQUIRES: nothing has been published yet.
    void attach(std::unique_ptr<receiver> one) { receivers_.push_back(std::move(one)); }

    void publish(std::shared_ptr<const chat::hint> what) override {
        for (const auto& one : receivers_) one->hear(what);
    }
    void hold() override {
        for (const auto& one : receivers_) one->hold();
    }
    void let_go() override {
        for (const auto& one : receivers_) one->let_go();
    }

private:
    std::vector<std::unique_ptr<receiver>> receivers_;
};

}  // namespace parley::bus
