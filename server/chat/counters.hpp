// What a shard counts. Written by its own thread only, read by any: relaxed atomics that cost a plain add.
#pragma once

#include <atomic>
#include <cstdint>

namespace parley::chat {

class counter {
public:
    void add(std::uint64_t n = 1) {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

// Counted where broadcasts become bytes: by the thread that commits.
struct encode_counters {
    counter broadcasts;  // runs of events, each encoded once
    counter frames;      // shared frames made of them: for JSON, and for plain text where there is something to tell
};

struct counters {
    counter requests;    // from clients, of every type
    counter refusals;    // answered with `error`
    counter broadcasts;  // runs of events told to this shard
    counter deliveries;  // events queued for a connection
    counter behind;      // times a connection read too slowly
};

}  // namespace parley::chat
