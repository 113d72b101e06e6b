// The outboxes of one shard whose peers read too little, and a bound on what waits in all of them
// together. An outbox is listed from the moment when the kernel takes nothing more until it has
// taken everything. Other outboxes are not counted: they are empty at the end of the turn.
//
// Beyond the bound, the outbox that was not read from for longest falls behind first: it forgets
// its events, and its peer gets them from the log when it reads again. When all have fallen behind
// and it is still too much, the one that was not read from for longest is disconnected.
//
// One thread: the shard's. Any thread may read the counts.
#pragma once

#include "server/base/counter.hpp"
#include "server/net/listed_outbox.hpp"
#include "server/net/write_counters.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <list>

namespace parley::net {

class unread_outboxes {
public:
    unread_outboxes(boost::asio::io_context& loop, std::size_t bytes_max, write_counters& counters)
        : loop_(loop), bytes_max_(bytes_max), counters_(counters) {}

    // The kernel took nothing. `progress`: it took something since the outbox was listed last.
    void list(listed_outbox& box, bool progress);
    void count(listed_outbox& box);
    void unlist(listed_outbox& box);

    // True once each time after much has been given back: the memory is free, and can go back to
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
    write_counters& counters_;
    std::size_t bytes_ = 0;
    std::size_t peak_ = 0;  // since the last relief
    bool enforcing_ = false;
    std::list<listed_outbox*> full_;    // the longest unread first
    std::list<listed_outbox*> behind_;  // in the same order: nothing more can be forgotten
    base::gauge shown_bytes_;
};

}  // namespace parley::net
