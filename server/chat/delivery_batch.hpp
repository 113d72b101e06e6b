// Port: lets everything that one commit sends to a shard arrive at once. Twin: shard/mailboxes.
#pragma once

namespace parley::chat {

class delivery_batches {
public:
    virtual ~delivery_batches() = default;

    // Between the two, what is sent to the shards waits, answers and hints alike; then each shard
    // wakes once. Calls are balanced. Any thread.
    virtual void begin() = 0;
    virtual void end() = 0;
};

// Begins a batch, and ends it when it goes out of scope.
class delivery_batch {
public:
    explicit delivery_batch(delivery_batches& batches) : batches_(batches) { batches_.begin(); }
    ~delivery_batch() { batches_.end(); }
    delivery_batch(const delivery_batch&) = delete;
    delivery_batch& operator=(const delivery_batch&) = delete;

private:
    delivery_batches& batches_;
};

}  // namespace parley::chat
