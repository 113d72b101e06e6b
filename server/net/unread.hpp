// The outboxes of one shard whose peers do not read: what waits in all of them together is bounded.
// An outbox is listed from the moment when the kernel takes nothing more until it has taken all.
// Others are not counted: what they hold leaves at the end of the turn.
//
// Beyond the bound, whoever has read nothing for longest falls behind first: its events are
// forgotten, and read from the log when it reads again. When all have fallen behind and it is still
// too much, whoever has read nothing for longest is disconnected.
//
// One thread: the shard's; what is counted, any thread may read.
#pragma once

#include "server/chat/counter.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <list>

namespace parley::net {

class outbox;

class unread_outboxes {
public:
    // Kept by each outbox.
    struct entry {
        std::list<outbox*>* list = nullptr;  // null: not listed
        std::list<outbox*>::iterator at{};
        std::size_t bytes = 0;  // that are counted here
    };

    unread_outboxes(boost::asio::io_context& loop, std::size_t bytes_max)
        : loop_(loop), bytes_max_(bytes_max) {}

    // The kernel took nothing; `progress`: it did since it was listed last.
    void list(outbox& box, bool progress);
    void count(outbox& box);
    void unlist(outbox& box);

    // Once after each time that much has been given back: the memory is free, and can go back to
    // the system.
    bool take_relief();

    std::size_t bytes() const { return static_cast<std::size_t>(shown_bytes_.value()); }
    std::size_t bytes_max() const { return bytes_max_; }

private:
    void enforce();
    void enforce_soon();
    void disconnect_first();
    void fall_behind_first();
    void show();

    boost::asio::io_context& loop_;
    const std::size_t bytes_max_;
    std::size_t bytes_ = 0;
    std::size_t peak_ = 0;  // since the last relief
    bool enforcing_ = false;
    std::list<outbox*> full_;    // the longest unread first
    std::list<outbox*> behind_;  // likewise: nothing more can be forgotten
    chat::gauge shown_bytes_;
};

}  // namespace parley::net
