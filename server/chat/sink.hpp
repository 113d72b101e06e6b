// Where fan-out ends: the near end of one connection's outbox. Apart from `peer`, so that a broadcast reaches it without
// passing through the connection's other parts: a delivery costs little more than the memory that it touches.
#pragma once

#include "server/chat/frame.hpp"

namespace parley::chat {

class sink {
public:
    // Queues frames that are shared with others; what is queued leaves at the end of this turn of the shard's loop, or
    // later; `prompt`: not later. False: more is queued than the bound, and it was not taken.
    virtual bool offer(const shared_frame& frames, bool prompt) = 0;

protected:
    ~sink() = default;
};

}  // namespace parley::chat
