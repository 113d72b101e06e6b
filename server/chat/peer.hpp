// Port: the far end of one connection, as the chat sees it.
#pragma once

#include "server/chat/sink.hpp"
#include "shared/protocol/codec.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::chat {

class peer : public sink {
public:
    virtual ~peer() = default;

    // Queues a text message for this peer alone. Over HTTP it is the body of the answer.
    virtual void answer(std::string_view text) = 0;

    // The same, for events of one room and what was asked about them: may be compressed.
    virtual void answer_events(std::string_view text) { answer(text); }

    // The same, for events that nobody asked for by an id: the log has them, should they be
    // forgotten (see participant::fall_behind).
    virtual void tell_events(std::string_view text) { answer_events(text); }

    // Whether compressed frames may be pushed. Never changes.
    virtual bool takes_deflated() const { return false; }

    // As `answer`, for a request that was refused: over HTTP it has another status.
    virtual void refuse(const protocol::error& why) { answer(protocol::encode(why)); }

    // Queues frames that are shared with others. Both never wait and never fail; what is queued
    // leaves at the end of this turn of the shard's loop, or later.
    virtual void push(shared_frame frames) = 0;

    // Where broadcasts go: past the peer, straight to its outbox, where it has one.
    virtual sink& outlet() { return *this; }
    bool offer(const shared_frame& frames, urgency) override {
        push(frames);
        return true;
    }

    // What is queued and not yet taken by the kernel, in bytes.
    virtual std::size_t queued_bytes() const = 0;

    // Takes nothing more that can be told later, however little is queued, until all of it has
    // left.
    virtual bool is_full() const { return false; }

    // Sends what is queued, then closes with this code. Nothing more is received, and no second
    // close is heard.
    virtual void close(protocol::close_code code, std::string_view reason) = 0;
};

}  // namespace parley::chat
