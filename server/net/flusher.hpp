// Decides when the outboxes of one shard write. Whatever is queued during a turn of the loop leaves at its end, after
// all that was readable has been read, in one write for each connection. A connection that was written to less than
// `spacing` ago collects until the next mark instead, unless something prompt waits: so a busy one costs at most one
// system call every `spacing`, and a quiet one waits for nothing. One thread: the shard's.
#pragma once

#include "server/chat/counters.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <vector>

namespace parley::net {

class outbox;

struct write_counters {
    chat::counter writes;  // system calls that took something
    chat::counter bytes;
};

class flusher {
public:
    using clock = std::chrono::steady_clock;

    flusher(boost::asio::io_context& loop, std::chrono::milliseconds spacing) : timer_(loop), spacing_(spacing) {}

    // The outbox has something to write. `prompt`: it does not wait for a mark.
    void enlist(outbox& box, bool prompt);
    void forget(outbox& box);

    write_counters& counted() { return counted_; }
    const write_counters& counted() const { return counted_; }

private:
    void add(std::vector<outbox*>& list, outbox& box);
    void flush_turn();
    void collect(outbox& box);
    void flush_mark();

    boost::asio::steady_timer timer_;
    const std::chrono::milliseconds spacing_;
    std::vector<outbox*> turn_;  // written at the end of this turn; null: forgotten
    std::vector<outbox*> mark_;  // written when the timer expires; null: forgotten or moved
    write_counters counted_;
};

}  // namespace parley::net
