// The policy of the pump, value by value: times are microseconds.
#include "server/net/write_schedule.hpp"

#include "tests/unit/catch.hpp"

#include <optional>

using namespace parley;
using fan_out = net::write_schedule::fan_out;

namespace {

constexpr base::time_us spacing = 20'000, wait_max = 10'000, start = 1'000'000;

net::write_schedule new_schedule() { return {spacing, wait_max, start}; }

// A schedule whose last fan-out, to so many members, took this long. Its turn began at `start`.
net::write_schedule after_fan_out(std::size_t members, base::time_us duration) {
    auto schedule = new_schedule();
    schedule.begin_turn(start);
    schedule.begin_fan_out();
    schedule.end_fan_out(members, start + duration);
    return schedule;
}

}  // namespace

TEST_CASE("what was served a spacing ago or never is due, what was served later is not") {
    auto schedule = new_schedule();
    schedule.begin_turn(start);
    CHECK(schedule.now() == start);
    CHECK(schedule.spacing_now() == spacing);
    CHECK(schedule.is_due(std::nullopt));
    CHECK(schedule.is_due(start - spacing));
    CHECK_FALSE(schedule.is_due(start - spacing + 1));
    CHECK_FALSE(schedule.is_due(start));
    CHECK_FALSE(schedule.is_due(start + 1));  // written during this turn
}

TEST_CASE("soon after the machine started, only what was never served is due") {
    net::write_schedule schedule(spacing, wait_max, 0);
    schedule.begin_turn(1);
    CHECK(schedule.is_due(std::nullopt));
    CHECK_FALSE(schedule.is_due(0));
}

TEST_CASE("at a tick everything is due that was served before") {
    auto schedule = new_schedule();
    schedule.begin_tick(start + 5);
    CHECK(schedule.spacing_now() == 0);
    CHECK(schedule.is_due(start + 5));
    CHECK(schedule.is_due(std::nullopt));
    schedule.begin_turn(start + 6);
    CHECK_FALSE(schedule.is_due(start + 5));
}

TEST_CASE("the tick comes a spacing after the latest of tick, deferred write and fan-out") {
    auto schedule = new_schedule();
    CHECK(schedule.tick_at() == start + spacing);
    schedule.defer(start - 7);
    CHECK(schedule.tick_at() == start + spacing);
    schedule.defer(start + 7);
    CHECK(schedule.tick_at() == start + 7 + spacing);
    schedule.begin_tick(start + 50'000);
    CHECK(schedule.tick_at() == start + 50'000 + spacing);
    schedule.begin_turn(start + 60'000);
    schedule.end_fan_out(1, start + 60'800);
    CHECK(schedule.tick_at() == start + 60'400 + spacing);  // from its middle
}

TEST_CASE("a fan-out without members changes nothing") {
    auto schedule = after_fan_out(0, 500'000);
    CHECK(schedule.tick_at() == start + spacing);
    schedule.owe(1'000'000);
    CHECK(schedule.next_fan_out(1, 0) == fan_out::go_ahead);
}

TEST_CASE("a fan-out waits half of its expected time for messages on their way") {
    auto schedule = after_fan_out(1'000, 2'000);  // 2 us a member
    schedule.begin_turn(start + 10'000);
    schedule.owe(3'000);
    schedule.owe(1'000);
    CHECK_FALSE(schedule.is_waiting());
    CHECK(schedule.next_fan_out(5, 3) == fan_out::begin_waiting);
    CHECK(schedule.is_waiting());
    CHECK(schedule.wait_ends_at() == start + 14'000);
}

TEST_CASE("a wait ends with the messages that it began for, or with its time") {
    for (const bool answered : {true, false}) {
        auto schedule = after_fan_out(1'000, 2'000);
        schedule.begin_turn(start + 10'000);
        schedule.owe(4'000);
        REQUIRE(schedule.next_fan_out(5, 3) == fan_out::begin_waiting);
        schedule.begin_turn(start + 13'999);
        CHECK(schedule.next_fan_out(9, 4) == fan_out::keep_waiting);
        if (!answered) schedule.begin_turn(start + 14'000);
        CHECK(schedule.next_fan_out(9, answered ? 5 : 4) == fan_out::go_ahead);
        CHECK_FALSE(schedule.is_waiting());
    }
}

TEST_CASE("a tick ends a wait") {
    auto schedule = after_fan_out(1'000, 2'000);
    schedule.owe(4'000);
    REQUIRE(schedule.next_fan_out(1, 0) == fan_out::begin_waiting);
    schedule.begin_tick(start + 1);
    CHECK_FALSE(schedule.is_waiting());
}

TEST_CASE("a wait has a limit, and one that gains too little does not begin") {
    auto schedule = after_fan_out(1'000, 2'000);
    schedule.begin_turn(start);
    schedule.owe(999);  // half of 1,998 us is less than 1 ms
    CHECK(schedule.next_fan_out(1, 0) == fan_out::go_ahead);
    schedule.owe(1);
    CHECK(schedule.next_fan_out(1, 1) == fan_out::go_ahead);  // nothing is on its way
    CHECK(schedule.next_fan_out(1, 0) == fan_out::begin_waiting);
    CHECK(schedule.wait_ends_at() == start + 1'000);

    auto large = after_fan_out(1'000, 2'000);
    large.begin_turn(start);
    large.owe(1'000'000);
    CHECK(large.next_fan_out(1, 0) == fan_out::begin_waiting);
    CHECK(large.wait_ends_at() == start + wait_max);
}

TEST_CASE("members are owed until a fan-out begins") {
    auto schedule = after_fan_out(1'000, 2'000);
    schedule.owe(4'000);
    schedule.begin_fan_out();
    CHECK(schedule.next_fan_out(1, 0) == fan_out::go_ahead);
}

TEST_CASE("the time for a few members is taken for that of a hundred, and parts of 1 us count") {
    auto few = after_fan_out(2, 1'000);  // 10 us a member, not 500
    few.begin_turn(start);
    few.owe(400);
    CHECK(few.next_fan_out(1, 0) == fan_out::begin_waiting);
    CHECK(few.wait_ends_at() == start + 2'000);

    auto cheap = after_fan_out(10'000, 3'000);  // 300 ns a member
    cheap.begin_turn(start);
    cheap.owe(20'000);
    CHECK(cheap.next_fan_out(1, 0) == fan_out::begin_waiting);
    CHECK(cheap.wait_ends_at() == start + 3'000);
}
