// Decides when the rooms and outboxes of one shard write: the policy of net/pump as a pure class.
// It takes times and sizes, and returns decisions; it reads no clock and sets no timer.
//
// A room or connection that was served less than `spacing` ago is deferred to the next tick, which
// all deferred ones share. A busy connection thus costs at most one system call per `spacing`, and
// a quiet one waits for nothing. (With a deadline of its own each, one that is always late would be
// served in every turn.) The tick comes `spacing` after the latest of: the last tick, the last
// fan-out, the last write to a deferred connection. A fan-out counts from its middle, when half of
// the members have their events.
//
// A fan-out that will take long waits for messages that are on their way to the disk: half of its
// expected time, and no longer than `commits_wait_max`. Their events then leave in the same writes,
// instead of in a second write for each member.
#pragma once

#include "server/chat/identity.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace parley::net {

class write_schedule {
public:
    // What the fan-out of a turn does. `begin_waiting`: it waits for commits from now on, until
    // wait_ends_at() at the latest.
    enum class fan_out : std::uint8_t { go_ahead, begin_waiting, keep_waiting };

    // `now` counts as a tick.
    write_schedule(base::time_us spacing, base::time_us commits_wait_max, base::time_us now)
        : spacing_(spacing), commits_wait_max_(commits_wait_max), tick_from_(now) {}

    void begin_turn(base::time_us now);

    // At a tick everything is due, and nothing waits for commits any longer.
    void begin_tick(base::time_us now);

    // When the turn or tick began, and the spacing that applies to it: 0 at a tick.
    base::time_us now() const { return now_; }
    base::time_us spacing_now() const { return spacing_now_; }

    // Whether a room or connection is served now; nothing: it never was served before.
    bool is_due(std::optional<base::time_us> served_at) const {
        return !served_at || now_ >= *served_at + spacing_now_;
    }

    // A connection that was last written to at this time is deferred to the tick.
    void defer(base::time_us written_at);
    base::time_us tick_at() const { return tick_from_ + spacing_; }

    // Rooms owe events to so many more members.
    void owe(std::size_t members) { owed_members_ += members; }

    // What to do with the fan-out of this turn. `submitted` messages were sent to the disk since
    // the start, `answered` of them have come back.
    fan_out next_fan_out(std::uint64_t submitted, std::uint64_t answered);
    bool is_waiting() const { return waiting_; }
    base::time_us wait_ends_at() const { return wait_ends_at_; }

    // The fan-out, which begins with the turn or tick; it ends when all is written.
    void begin_fan_out() { owed_members_ = 0; }
    void end_fan_out(std::size_t members, base::time_us now);

private:
    fan_out begin_waiting(std::uint64_t submitted, std::uint64_t answered);

    const base::time_us spacing_;
    const base::time_us commits_wait_max_;
    base::time_us now_ = 0;
    base::time_us spacing_now_ = 0;
    base::time_us tick_from_;  // the tick comes `spacing` later

    // Cost of the last fan-out for each member, in nanoseconds. Deliberately too low for small
    // rooms.
    std::uint64_t ns_per_member_ = 0;
    std::size_t owed_members_ = 0;  // since the last fan-out began
    bool waiting_ = false;          // for commits: until wait_ends_at_, or wait_for_ are answered
    base::time_us wait_ends_at_ = 0;
    std::uint64_t wait_for_ = 0;
};

}  // namespace parley::net
