// When outboxes write, at the end of a turn or at the tick, and the only broadcast of a turn.
#include "server/net/pump.hpp"
#include "server/base/clock.hpp"

#include "tests/unit/server/net/outbox_rig.hpp"

using namespace parley;
using namespace parley::tests;

namespace {

// Offers this in the next fan-out, at the end of a turn or at the tick.
void fan_out_once(line& at, const wire::shared_frame& frame, chat::urgency when) {
    at.pump.fan_out_with([&at, frame, when, served = false](auto, auto) mutable {
        if (!std::exchange(served, true)) CHECK(at.box->offer(frame, when));
        return chat::told{1, false};
    });
    at.pump.rooms_owe(1);
}

// Rooms whose fan-out to so many members takes so long, and when it began.
struct slow_rooms {
    slow_rooms(line& on, std::chrono::milliseconds takes, std::size_t members = 100) : at(on) {
        at.pump.fan_out_with([this, takes, members](base::time_us now, base::time_us spacing) {
            if (others_wait && spacing > 0) return chat::told{0, true};
            while (base::steady_clock_us() - now < to_us(takes)) continue;
            fan_outs.push_back(now);
            return chat::told{members, false};
        });
    }
    void owe(std::size_t members) {
        at.pump.rooms_owe(members);
        at.settle();
    }
    void run_until_served(std::size_t times) {
        test::run_until(at.loop, "a fan-out", [&] { return fan_outs.size() >= times; });
    }
    line& at;
    bool others_wait = false;
    std::vector<base::time_us> fan_outs;
};

constexpr std::size_t many = 100'000'000;  // more than any test could serve

// A tick that is waited for in the end, and must not come before: a busy machine may stop a test
// for a while.
constexpr auto test_ends_sooner = 500ms;

}  // namespace

TEST_CASE("a busy connection waits for its tick, a quiet one does not") {
    line at(1h);
    at.box->push(frame_of("a"), false);
    CHECK(at.receive(1) == "a");
    at.box->push(frame_of("b"), false);
    at.settle();
    CHECK(at.box->queued_bytes() == 1);
}

TEST_CASE("a connection that never wrote is quiet, however lately the machine started") {
    const auto uptime = std::chrono::steady_clock::now().time_since_epoch();
    line at(std::chrono::duration_cast<std::chrono::milliseconds>(uptime) + 1h);
    at.box->push(frame_of("first"), false);
    at.settle();
    CHECK(at.box->queued_bytes() == 0);
    line other(std::chrono::duration_cast<std::chrono::milliseconds>(uptime) + 1h);
    fan_out_once(other, frame_of("first"), chat::urgency::write_through);
    other.settle();
    CHECK(other.box->queued_bytes() == 0);
}

TEST_CASE("what is prompt takes along what waits for the tick") {
    line at(1h);
    at.box->push(frame_of("a"), false);
    at.settle();
    at.box->push(frame_of("b"), false);
    at.settle();
    at.box->push(frame_of("c"), true);
    CHECK(at.receive(3) == "abc");
    CHECK(at.pump.counters().writes.value() == 2);
}

TEST_CASE("at the tick everything that has collected leaves in one write") {
    line at(test_ends_sooner);
    at.box->push(frame_of("a"), false);
    at.settle();
    for (const char* text : {"b", "c", "d"}) {
        at.box->push(frame_of(text), false);
        at.settle();
    }
    CHECK(at.receive(4) == "abcd");
    CHECK(at.pump.counters().writes.value() == 2);
}

TEST_CASE("the only broadcast of a turn is written without being queued") {
    line at;
    const auto frame = frame_of("hello");
    fan_out_once(at, frame, chat::urgency::write_through);
    at.loop.poll_one();
    CHECK(at.pump.counters().writes.value() == 1);
    CHECK(at.pump.counters().queued.value() == 0);
    CHECK(at.receive(5) == "hello");
}

TEST_CASE("the only broadcast of a turn leaves behind what is queued, in one write") {
    line at;
    at.box->push(frame_of("queued, "), false);
    fan_out_once(at, frame_of("event"), chat::urgency::write_through);
    CHECK(at.receive(13) == "queued, event");
    CHECK(at.pump.counters().writes.value() == 1);
}

TEST_CASE(
    "the only broadcast of a turn waits for the tick where the connection was written to lately") {
    line at(1h);
    at.box->push(frame_of("a"), true);
    at.settle();
    fan_out_once(at, frame_of("b"), chat::urgency::write_through);
    at.settle();
    CHECK(at.box->queued_bytes() == 1);
    CHECK(at.pump.counters().writes.value() == 1);
}

TEST_CASE("what the kernel does not take of the only broadcast waits, and nothing is sent twice") {
    line at(0ms, 100'000);
    std::string all;
    for (char c = 'a'; all.size() < 60'000; c = c == 'z' ? 'a' : static_cast<char>(c + 1)) {
        all.append(7'000, c);
        fan_out_once(at, frame_of(std::string(7'000, c)), chat::urgency::write_through);
        at.settle();
    }
    CHECK(at.box->queued_bytes() > 7'000);
    CHECK(at.box->queued_bytes() < all.size());
    CHECK(at.receive(all.size()) == all);
    CHECK(at.box->queued_bytes() == 0);
}

TEST_CASE("a broadcast that finds the connection broken breaks it off") {
    line at;
    at.far.set_option(asio::socket_base::linger(true, 0));
    at.far.close();
    fan_out_once(at, frame_of("a"), chat::urgency::write_through);
    at.settle();
    CHECK(at.box->failure());
    CHECK(at.box->queued_bytes() == 0);
}

TEST_CASE("answers are written before the fan-out begins") {
    line at;
    std::size_t written = 0;
    at.pump.fan_out_with([&](auto, auto) {
        written = at.pump.counters().writes.value();
        return chat::told{};
    });
    at.box->push(frame_of("answer"), true);
    at.settle();
    CHECK(written == 1);
    CHECK(at.receive(6) == "answer");
}

TEST_CASE(
    "rooms that were served lately are served at the tick, which counts from the middle of the "
    "last fan-out") {
    line at(100ms);
    slow_rooms rooms(at, 300ms);
    rooms.owe(1);
    rooms.others_wait = true;
    rooms.owe(1);
    CHECK(rooms.fan_outs.size() == 2);  // the tick, 250 ms after the beginning, was over by then
}

TEST_CASE("the tick waits its time, from the last write of all that wait") {
    line at(50ms);
    slow_rooms rooms(at, 0ms);
    rooms.owe(1);
    rooms.others_wait = true;
    rooms.run_until_served(1);
    at.box->push(frame_of("a"), true);
    at.settle();
    const auto written = at.box->written_at();
    REQUIRE(written);
    at.box->push(frame_of("b"), false);
    rooms.owe(1);
    rooms.run_until_served(2);
    CHECK(rooms.fan_outs[1] - *written >= to_us(50ms));
    CHECK(at.receive(2) == "ab");
}

TEST_CASE("a tick follows another after the spacing at least, whatever was written between them") {
    line at(50ms);
    slow_rooms rooms(at, 0ms);
    rooms.others_wait = true;
    for (std::size_t times = 1; times <= 3; ++times) {
        rooms.owe(1);
        rooms.run_until_served(times);
    }
    CHECK(rooms.fan_outs[1] - rooms.fan_outs[0] >= to_us(50ms));
    CHECK(rooms.fan_outs[2] - rooms.fan_outs[1] >= to_us(50ms));
}

TEST_CASE("a fan-out that will take long waits for messages that are on their way") {
    line at;
    slow_rooms rooms(at, 1ms);
    rooms.owe(1);
    at.messages.submitted = 2;
    rooms.owe(many);
    CHECK(rooms.fan_outs.size() == 1);
    at.messages.submitted = 3;
    at.messages.answered = 1;
    rooms.owe(1);
    CHECK(rooms.fan_outs.size() == 1);
    at.messages.answered = 2;  // the third came later, and is not waited for
    rooms.owe(1);
    CHECK(rooms.fan_outs.size() == 2);
}

TEST_CASE(
    "a fan-out waits for messages half as long as it will take, and then begins without another "
    "wake-up") {
    line at;
    slow_rooms rooms(at, 20ms);
    rooms.owe(1);
    at.messages.submitted = 1;
    at.pump.rooms_owe(200);
    rooms.run_until_served(2);
    CHECK(rooms.fan_outs[1] - rooms.fan_outs[0] >= to_us(40ms));
}

TEST_CASE("a fan-out does not wait for ever, however many members it will serve") {
    line at(0ms, 1000, "", 10ms);
    slow_rooms rooms(at, 1ms);
    rooms.owe(1);
    at.messages.submitted = 1;
    at.pump.rooms_owe(many);
    rooms.run_until_served(2);
    CHECK(rooms.fan_outs[1] - rooms.fan_outs[0] < to_us(60s));
}

TEST_CASE("the time for a few members says nothing about many") {
    line at;
    slow_rooms rooms(at, 1ms, 2);
    rooms.owe(2);
    at.messages.submitted = 1;
    at.pump.rooms_owe(100'000);
    rooms.run_until_served(2);
    // Half of what the two took, so many times, would be 25 s.
    CHECK(rooms.fan_outs[1] - rooms.fan_outs[0] < to_us(20s));
}

TEST_CASE("a fan-out that takes no time waits for nothing") {
    line at;
    slow_rooms rooms(at, 0ms);
    rooms.owe(1);
    at.messages.submitted = 1;
    rooms.owe(0);
    CHECK(rooms.fan_outs.size() == 2);
}

TEST_CASE("while rooms wait for messages, all other output leaves") {
    line at;
    slow_rooms rooms(at, 1ms);
    rooms.owe(1);
    at.messages.submitted = 1;
    at.box->push(frame_of("answer"), true);
    rooms.owe(many);
    CHECK(at.pump.counters().bytes.value() == 6);
    at.box->push(frame_of(", news"), false);
    at.settle();
    CHECK(at.pump.counters().bytes.value() == 12);
    CHECK(rooms.fan_outs.size() == 1);
    CHECK(at.receive(12) == "answer, news");
}

TEST_CASE("the tick serves rooms that wait for messages") {
    line at(test_ends_sooner);
    slow_rooms rooms(at, 1ms);
    rooms.owe(1);
    at.messages.submitted = 1;
    at.box->push(frame_of("a"), true);
    at.settle();
    at.box->push(frame_of("b"), false);  // waits for the tick
    const std::size_t times = rooms.fan_outs.size();
    rooms.owe(many);
    CHECK(rooms.fan_outs.size() == times);
    rooms.run_until_served(times + 1);
    CHECK(at.receive(2) == "ab");
}
