// Port: where fan-out ends, the outbox of one connection. It is apart from `peer` so that a
// broadcast reaches the outbox without the connection's other parts: a delivery costs little more
// than the memory that it touches.
#pragma once

#include "server/wire/frame.hpp"

#include <cstddef>
#include <cstdint>

namespace parley::chat {

// When a frame leaves.
enum class urgency : std::uint8_t {
    deferrable,     // at the end of this turn of the shard's loop, or at the next tick
    prompt,         // at the end of this turn
    write_through,  // as `deferrable`, and the only broadcast of this turn: an empty outbox may
                    // write it at once
};

class sink {
public:
    // Takes frames that others share. False: it does not take them, because more than the bound is
    // queued.
    virtual bool offer(const wire::shared_frame& frames, urgency when) = 0;

    // Fetches what an offer touches into the cache, ahead of time (see room::deliver).
    void prefetch() const {
        for (std::size_t line = 0; line < touched_bytes; line += 64)
            __builtin_prefetch(reinterpret_cast<const char*>(this) + line);
    }

protected:
    static constexpr std::size_t touched_bytes = 192;  // from its beginning
    ~sink() = default;
};

}  // namespace parley::chat
