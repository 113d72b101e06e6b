// One connection's part in the chat: who it is, where it is, and which frames it reads.
#pragma once

#include "server/chat/identity.hpp"
#include "server/chat/ledger.hpp"
#include "server/chat/peer.hpp"
#include "server/chat/subscription.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parley::chat {

class hub;

class participant : public std::enable_shared_from_this<participant> {
public:
    participant(hub& owner, identity who, peer& far_end, frame_kind reads);
    virtual ~participant();
    participant(const participant&) = delete;
    participant& operator=(const participant&) = delete;

    // One whole message from the peer; `text` is valid UTF-8.
    virtual void receive(std::string_view text, steady_ms now) = 0;
    virtual void receive_binary() = 0;

    // The outbox, once beyond settings.outbox_bytes_max, has fallen below half of it.
    virtual void drained() = 0;

    // Too much is unread in all, and this one is to wait until it reads again; `drained` comes
    // then. True: events that are queued may be forgotten.
    virtual bool fall_behind() = 0;

    // The room goes on, and events after the cursor of this live subscription will not be offered:
    // the bus lost too many.
    virtual void missed(subscription& where) = 0;

    // The person's rooms and records as they are now: hints about them may have been lost.
    virtual void list_read(const room_list& list) = 0;

    // The server is about to close this connection.
    virtual void say_bye(protocol::close_code code, std::string_view reason) = 0;

    frame_kind reads() const { return reads_; }

    // Whether it is told of rooms that its person joined.
    virtual bool keeps_a_list() const { return false; }

    // Something may have changed of what the person keeps while this connection's `hello` is on its
    // way, or while it reads too slowly: then the list is read once more.
    virtual void doubt_list() {}
    // Up to where in the person's log this connection was told.
    std::uint64_t sent_until() const { return sent_until_; }
    void sent_until(std::uint64_t seq) { sent_until_ = seq; }
    const identity& who() const { return who_; }
    peer& far_end() { return far_end_; }
    bool is_behind() const;
    bool takes_ephemeral() const;

    // The room is on this person's list, and the client knows this much of it.
    void put_on_list(const protocol::room_summary& known);
    void take_off_list(const std::string& room);

protected:
    subscription* find(std::string_view room);
    subscription& enter(const std::string& room);
    void leave(subscription& where);
    std::size_t subscribed_rooms() const;
    std::uint32_t begin_reading(subscription& where);
    void hear_soon(std::string_view room);

    // A callback that does nothing once this participant has gone. `act` takes (Self&, result).
    template <class Self, class Result, class Act>
    auto while_here(Act act) {
        return [here = weak_from_this(), act = std::move(act)](Result result) {
            if (const auto self = here.lock()) act(static_cast<Self&>(*self), std::move(result));
        };
    }

    hub& hub_;
    const identity who_;
    peer& far_end_;
    const frame_kind reads_;
    std::vector<std::unique_ptr<subscription>> subscriptions_;

private:
    friend class hub;
    std::size_t slot_ = 0;  // in the hub's list
    std::uint64_t sent_until_ = 0;
    std::uint32_t readings_ = 0;
};

}  // namespace parley::chat
