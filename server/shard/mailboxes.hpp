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
    void add(std::shared_ptr<mailbox> newcomer) { mailboxes_.push_back(std::move(newcomer)); }

    void begin() override {
        for (const auto& at : mailboxes_) at->begin_batch();
    }
    void end() override {
        for (const auto& at : mailboxes_) at->end_batch();
    }

private:
    std::vector<std::shared_ptr<mailbox>> mailboxes_;
};

}  // namespace parley::shard
