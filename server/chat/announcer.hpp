// Turns a commit into what others hear of it: encodes each event once, compresses it once where
// somebody reads compressed frames, counts, and publishes. Called by the ledger's thread alone.
#pragma once

#include "server/chat/bus.hpp"
#include "server/chat/commit.hpp"
#include "server/chat/counters.hpp"
#include "server/chat/delivery_batch.hpp"
#include "server/wire/deflate.hpp"

#include <atomic>
#include <cstddef>
#include <functional>

namespace parley::chat {

class announcer final : public commit_listener {
public:
    // `compressed_connections`: how many read compressed frames now; null: never any.
    announcer(bus& bus, delivery_batches& batches,
              const std::atomic<std::size_t>* compressed_connections = nullptr)
        : bus_(bus), batches_(batches), compressed_connections_(compressed_connections) {}

    void committed(commit changes, const std::function<void()>& answer) override;

    // Any thread.
    const encode_counters& counters() const { return counters_; }

private:
    // Whoever connects right after this look is sent the uncompressed form.
    bool compresses() const {
        return compressed_connections_ &&
               compressed_connections_->load(std::memory_order_relaxed) > 0;
    }

    bus& bus_;
    delivery_batches& batches_;
    const std::atomic<std::size_t>* const compressed_connections_;
    encode_counters counters_;
    wire::deflater compressor_{counters_.deflated};
};

}  // namespace parley::chat
