// The outboxes of one shard that have something to write: a list for the end of this turn, and one
// for the next tick. One thread: the shard's.
//
// Invariant: an outbox is in at most one of the lists, in the slot that it knows.
#pragma once

#include "server/net/listed_outbox.hpp"
#include "server/net/write_schedule.hpp"

#include <vector>

namespace parley::net {

class flusher {
public:
    // `prompt`: is written to in this turn; otherwise it may be deferred. True: the list of this
    // turn has grown.
    bool enlist(listed_outbox& box, bool prompt);
    void forget(listed_outbox& box);

    // Of this turn: those that are prompt.
    void flush_prompt(base::time_us now);

    // The end of a turn: writes to those that are prompt or due, and defers the others.
    void flush_due(write_schedule& schedule);

    // The tick: both lists.
    void flush_all(base::time_us now);

    bool has_deferred() const { return !deferred_.empty(); }

private:
    using list = std::vector<listed_outbox*>;  // null: forgotten, or moved

    static void add(list& to, listed_outbox& box);
    void flush(list& boxes, base::time_us now);
    void flush(listed_outbox& box, base::time_us now);

    list turn_;
    list deferred_;
};

}  // namespace parley::net
