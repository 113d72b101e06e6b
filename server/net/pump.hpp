// The turn of a shard: the order in which everything that came during a turn of its loop leaves.
//
//   1. Collect. While the loop runs what is ready, requests are answered into outboxes, hints come
//      through the mailbox (hub::receive), and rooms keep the runs of events that they owe. An
//      outbox that has something to write is enlisted; a room that owes events calls rooms_owe().
//      Either posts run_turn() behind all that is ready now.
//   2. Answer. Outboxes with something prompt are written to, so that their peers can go on.
//   3. Fan out. Rooms put the runs that they owe into the outboxes of their members (hub::
//      tell_rooms). An empty outbox may write straight through. The fan-out may wait for commits;
//      then the turn goes on without it.
//   4. Write. Each outbox that is due is written to, with one system call. The others are deferred.
//   5. Arm. If rooms or outboxes are deferred, the timer of the tick is set. At the tick, rooms and
//      outboxes do steps 2 to 4, and all of them are due.
//
// Which ones are due, when the tick comes and whether the fan-out waits is decided by
// net/write_schedule; the lists of outboxes are net/flusher's. One thread: the shard's.
#pragma once

#include "server/chat/hub.hpp"
#include "server/net/flusher.hpp"
#include "server/net/unread.hpp"
#include "server/net/write_counters.hpp"
#include "server/net/write_schedule.hpp"
#include "server/shard/shard_ledger.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>

namespace parley::net {

struct pump_settings {
    base::time_us spacing = 20'000;
    base::time_us commits_wait_max = 10'000;  // of a fan-out, for messages on their way to the disk
    std::size_t unread_bytes_max = SIZE_MAX;  // in all outboxes that are not read
};

class pump {
public:
    // `messages` counts those of this shard, and outlives the pump.
    pump(boost::asio::io_context& loop, const shard::message_flow& messages,
         pump_settings settings);

    // Step 3. Puts into the outboxes what rooms owe that were served at least `spacing` ago.
    using fan_out = std::function<chat::told(base::time_us now, base::time_us spacing)>;
    void fan_out_with(fan_out act) { fan_out_ = std::move(act); }

    // A room owes events to so many members more.
    void rooms_owe(std::size_t members);

    // The outbox has something to write. `prompt`: it is not deferred.
    void enlist(listed_outbox& box, bool prompt);
    void forget(listed_outbox& box) { flusher_.forget(box); }

    // During the fan-out: when it began, and whether a connection that was written to at this time,
    // or never, is written to in this turn.
    base::time_us now() const { return schedule_.now(); }
    bool is_due(std::optional<base::time_us> written_at) const {
        return schedule_.is_due(written_at);
    }

    unread_outboxes& unread() { return unread_; }
    const unread_outboxes& unread() const { return unread_; }
    write_counters& counters() { return counters_; }
    const write_counters& counters() const { return counters_; }

private:
    void wake();
    void run_turn();
    void run_tick();
    bool waits_for_commits();
    bool fan_out_rooms();
    void end_fan_out();
    void arm_tick();

    const shard::message_flow& messages_;
    write_schedule schedule_;
    flusher flusher_;
    write_counters counters_;
    unread_outboxes unread_;
    fan_out fan_out_ = [](base::time_us, base::time_us) { return chat::told{}; };
    std::size_t served_members_ = 0;  // by the fan-out of this turn or tick
    boost::asio::steady_timer tick_timer_;
    boost::asio::steady_timer commits_timer_;
    bool awake_ = false;       // run_turn() is posted
    bool tick_armed_ = false;  // run_tick() comes
};

}  // namespace parley::net
