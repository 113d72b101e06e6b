// Port: the client at the other end of one connection, as the chat sees it.
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

    // The same for an answer with events of one room; it may be compressed.
    virtual void answer_events(std::string_view text) { answer(text); }

    // The same for events that answer no request. They may be dropped, because the log has them
    // (see participant::fall_behind).
    virtual void tell_events(std::string_view text) { answer_events(text); }

    // Whether compressed frames may be pushed. Never changes.
    virtual bool takes_deflated() const { return false; }

    // As `answer`, for a request that was refused: over HTTP it has another status.
    virtual void refuse(const protocol::error& error) { answer(protocol::encode(error)); }

    // Queues frames that others share. All of these never wait and never fail; what is queued
    // leaves at the end of this turn of the shard's loop, or later.
    virtual void push(wire::shared_frame frames) = 0;

    // Where broadcasts go: past the peer straight to its outbox, if it has one.
    virtual sink& outlet() { return *this; }
    bool offer(const wire::shared_frame& frames, urgency) override {
        push(frames);
        return true;
    }

    // Bytes that are queued and that the kernel has not taken yet.
    virtual std::size_t queued_bytes() const = 0;

    // True: until the queue is empty, nothing is to be queued that can be sent later, however short
    // the queue is.
    virtual bool is_full() const { return false; }

    // Sends what is queued, then closes with this code. From here on nothing is received, and
    // further calls do nothing.
    virtual void close(protocol::close_code code, std::string_view reason) = 0;
};

}  // namespace parley::chat
