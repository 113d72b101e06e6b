// Each step of the sequence in the header is a line of run_turn().
#include "server/net/pump.hpp"

#include "server/base/clock.hpp"
#include "server/shard/shard.hpp"

#include <boost/asio/post.hpp>

#include <chrono>
#include <utility>

namespace parley::net {
namespace {

std::chrono::steady_clock::time_point time_point_of(base::time_us at) {
    return std::chrono::steady_clock::time_point(std::chrono::microseconds(at));
}

}  // namespace

pump::pump(boost::asio::io_context& loop, const shard::message_flow& messages,
           pump_settings settings)
    : messages_(messages),
      schedule_(settings.spacing, settings.commits_wait_max, base::steady_clock_us()),
      unread_(loop, settings.unread_bytes_max, counters_),
      tick_timer_(loop),
      commits_timer_(loop) {}

void pump::rooms_owe(std::size_t members) {
    schedule_.owe(members);
    wake();
}

void pump::enlist(listed_outbox& box, bool prompt) {
    if (flusher_.enlist(box, prompt)) wake();
}

void pump::wake() {
    if (std::exchange(awake_, true)) return;
    boost::asio::post(tick_timer_.get_executor(), [this] { run_turn(); });
}

void pump::run_turn() {
    schedule_.begin_turn(base::steady_clock_us());
    const bool rooms_deferred = !waits_for_commits() && fan_out_rooms();
    flusher_.flush_due(schedule_);
    end_fan_out();
    if (rooms_deferred || flusher_.has_deferred()) arm_tick();
    awake_ = false;
}

void pump::run_tick() {
    tick_armed_ = false;
    if (schedule_.is_waiting()) commits_timer_.cancel();
    schedule_.begin_tick(base::steady_clock_us());
    fan_out_rooms();
    flusher_.flush_all(schedule_.now());
    end_fan_out();
}

// The timer only wakes the loop: the turn then sees that the wait is over.
bool pump::waits_for_commits() {
    const bool waited = schedule_.is_waiting();
    switch (schedule_.next_fan_out(messages_.submitted, messages_.answered)) {
        case write_schedule::fan_out::go_ahead:
            if (waited) commits_timer_.cancel();
            return false;
        case write_schedule::fan_out::keep_waiting: return true;
        case write_schedule::fan_out::begin_waiting: break;
    }
    commits_timer_.expires_at(time_point_of(schedule_.wait_ends_at()));
    commits_timer_.async_wait([this](boost::system::error_code error) {
        if (!error) wake();
    });
    return true;
}

// Steps 2 and 3. True: some rooms are deferred.
bool pump::fan_out_rooms() {
    schedule_.begin_fan_out();
    flusher_.flush_prompt(schedule_.now());
    const chat::told rooms = fan_out_(schedule_.now(), schedule_.spacing_now());
    served_members_ = rooms.members;
    return rooms.others_wait;
}

void pump::end_fan_out() {
    const std::size_t members = std::exchange(served_members_, 0);
    if (members > 0) schedule_.end_fan_out(members, base::steady_clock_us());
}

void pump::arm_tick() {
    if (std::exchange(tick_armed_, true)) return;
    tick_timer_.expires_at(time_point_of(schedule_.tick_at()));
    tick_timer_.async_wait([this](boost::system::error_code error) {
        if (!error) run_tick();
    });
}

}  // namespace parley::net
