// The mailboxes of all shards, for what is sent to several of them at once.
#pragma once

#include "server/chat/delivery_batch.hpp"
#include "server/shard/mailbox.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace parley::shard {

class mailboxes final : public chat::delivery_batches {
public:
    // REQUIRES: no batch has begun yet.
    void add(std::shared_ptr<mailbox> one) { all_.push_back(std::move(one)); }

    void begin() override {
        for (const auto& one : all_) one->begin_batch();
    }
    void end() override {
        for (const auto& one : all_) one->end_batch();
    }

private:
    std::vector<std::shared_ptr<mailbox>> all_;
};

}  // namespace parley::shard
