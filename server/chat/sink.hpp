// Where fan-out ends: the near end of one connection's outbox. Apart from `peer`, so that a
// broadcast reaches it without passing through the connection's other parts: a delivery costs
// little more than the memory that it touches.
#pragma once

#include "server/chat/frame.hpp"

#include <cstddef>
#include <cstdint>

namespace parley::chat {

// When a frame leaves.
enum class urgency : std::uint8_t {
    spaced,  // at the end of this turn of the shard's loop, or later, if the connection was written
             // to lately
    prompt,  // at the end of this turn
    last,  // as `spaced`; nothing else is told in this turn, so where nothing is queued it need not
           // be either
};

class sink {
public:
    // Takes frames that are shared with others. False: more is queued than the bound, and they were
    // not taken.
    virtual bool offer(const shared_frame& frames, urgency when) = 0;

    // What an offer touches; asked for in time, it is there (see room::deliver).
    void prefetch() const {
        for (std::size_t line = 0; line < touched_bytes; line += 64)
            __builtin_prefetch(reinterpret_cast<const char*>(this) + line);
    }

protected:
    static constexpr std::size_t touched_bytes = 192;  // from where it begins
    ~sink() = default;
};

}  // namespace parley::chat
