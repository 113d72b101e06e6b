// Nanoseconds are used where a member costs less than a microsecond.
#include "server/net/write_schedule.hpp"

#include <algorithm>

namespace parley::net {
namespace {

constexpr std::uint64_t ns_per_us = 1000;

// A shorter wait costs more than a second fan-out.
constexpr base::time_us wait_min = 1000;

// The time that fewer members took says little about each of many.
constexpr std::size_t measured_members_min = 100;

}  // namespace

void write_schedule::begin_turn(base::time_us now) {
    now_ = now;
    spacing_now_ = spacing_;
}

void write_schedule::begin_tick(base::time_us now) {
    now_ = tick_from_ = now;
    spacing_now_ = 0;
    waiting_ = false;
}

void write_schedule::defer(base::time_us written_at) {
    tick_from_ = std::max(tick_from_, written_at);
}

write_schedule::fan_out write_schedule::next_fan_out(std::uint64_t submitted,
                                                     std::uint64_t answered) {
    if (!waiting_) return begin_waiting(submitted, answered);
    waiting_ = answered < wait_for_ && now_ < wait_ends_at_;
    return waiting_ ? fan_out::keep_waiting : fan_out::go_ahead;
}

write_schedule::fan_out write_schedule::begin_waiting(std::uint64_t submitted,
                                                      std::uint64_t answered) {
    const base::time_us expected = ns_per_member_ * owed_members_ / ns_per_us;
    const base::time_us wait = std::min(expected / 2, commits_wait_max_);
    if (wait < wait_min || submitted == answered) return fan_out::go_ahead;
    waiting_ = true;
    wait_for_ = submitted;
    wait_ends_at_ = now_ + wait;
    return fan_out::begin_waiting;
}

void write_schedule::end_fan_out(std::size_t members, base::time_us now) {
    if (members == 0) return;
    const base::time_us duration = now - now_;
    ns_per_member_ = duration * ns_per_us / std::max(members, measured_members_min);
    tick_from_ = now_ + duration / 2;
}

}  // namespace parley::net
