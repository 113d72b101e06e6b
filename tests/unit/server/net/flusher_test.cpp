// When outboxes write: at the end of a turn, or at the mark; and what rooms tell last in a turn.
#include "server/net/flusher.hpp"

#include "tests/unit/server/net/outbox_rig.hpp"

using namespace parley;
using namespace parley::tests;

namespace {

// Offers this when the rooms tell, at the end of a turn or at the mark.
void tell_once(line& at, const chat::shared_frame& frame, chat::urgency when) {
    at.writes.tell_before_writing([&at, frame, when, told = false](auto, auto) mutable {
        if (!std::exchange(told, true)) CHECK(at.box->offer(frame, when));
        return chat::told{1, false};
    });
    at.writes.rooms_owe(1);
}

// Rooms that take so long to tell so many members, and when they did.
struct slow_rooms {
    slow_rooms(line& on, net::flusher::clock::duration takes, std::size_t members = 100) : at(on) {
        at.writes.tell_before_writing(
            [this, takes, members](net::flusher::clock::time_point now, auto spacing) {
                if (others_wait && spacing > 0ns) return chat::told{0, true};
                while (net::flusher::clock::now() - now < takes) continue;
                told.push_back(now);
                return chat::told{members, false};
            });
    }
    void owe(std::size_t members) {
        at.writes.rooms_owe(members);
        at.settle();
    }
    void run_until_told(std::size_t times) {
        test::run_until(at.loop, "rooms to tell", [&] { return told.size() >= times; });
    }
    line& at;
    bool others_wait = false;
    std::vector<net::flusher::clock::time_point> told;
};

constexpr std::size_t many = 100'000'000;  // whom no test could tell

}  // namespace

TEST_CASE("a busy connection waits for its mark, a quiet one does not") {
    line at(1h);
    at.box->push(frame_of("a"), false);
    CHECK(at.receive(1) == "a");
    at.box->push(frame_of("b"), false);
    at.settle();
    CHECK(at.box->queued_bytes() == 1);
}

TEST_CASE("a connection that never wrote is quiet, however lately the machine started") {
    const auto uptime = net::flusher::clock::now().time_since_epoch();
    line at(std::chrono::duration_cast<std::chrono::milliseconds>(uptime) + 1h);
    at.box->push(frame_of("first"), false);
    at.settle();
    CHECK(at.box->queued_bytes() == 0);
    line other(std::chrono::duration_cast<std::chrono::milliseconds>(uptime) + 1h);
    tell_once(other, frame_of("first"), chat::urgency::write_through);
    other.settle();
    CHECK(other.box->queued_bytes() == 0);
}

TEST_CASE("what is prompt takes along what waits for the mark") {
    line at(1h);
    at.box->push(frame_of("a"), false);
    at.settle();
    at.box->push(frame_of("b"), false);
    at.settle();
    at.box->push(frame_of("c"), true);
    CHECK(at.receive(3) == "abc");
    CHECK(at.writes.counters().writes.value() == 2);
}

TEST_CASE("at the mark everything that has collected leaves in one write") {
    line at(20ms);
    at.box->push(frame_of("a"), false);
    at.settle();
    for (const char* text : {"b", "c", "d"}) {
        at.box->push(frame_of(text), false);
        at.settle();
    }
    CHECK(at.receive(4) == "abcd");
    CHECK(at.writes.counters().writes.value() == 2);
}

TEST_CASE("the last broadcast of a turn is written without being queued") {
    line at;
    const auto frame = frame_of("hello");
    tell_once(at, frame, chat::urgency::write_through);
    at.loop.poll_one();
    CHECK(at.writes.counters().writes.value() == 1);
    CHECK(at.writes.counters().queued.value() == 0);
    CHECK(at.receive(5) == "hello");
}

TEST_CASE("the last broadcast of a turn leaves behind what is queued, in one write") {
    line at;
    at.box->push(frame_of("queued, "), false);
    tell_once(at, frame_of("told"), chat::urgency::write_through);
    CHECK(at.receive(12) == "queued, told");
    CHECK(at.writes.counters().writes.value() == 1);
}

TEST_CASE(
    "the last broadcast of a turn waits for the mark where the connection was written to lately") {
    line at(1h);
    at.box->push(frame_of("a"), true);
    at.settle();
    tell_once(at, frame_of("b"), chat::urgency::write_through);
    at.settle();
    CHECK(at.box->queued_bytes() == 1);
    CHECK(at.writes.counters().writes.value() == 1);
}

TEST_CASE("what the kernel does not take of the last broadcast waits, and nothing is sent twice") {
    line at(0ms, 100'000);
    std::string all;
    for (char c = 'a'; all.size() < 60'000; c = c == 'z' ? 'a' : static_cast<char>(c + 1)) {
        all.append(7'000, c);
        tell_once(at, frame_of(std::string(7'000, c)), chat::urgency::write_through);
        at.settle();
    }
    CHECK(at.box->queued_bytes() > 7'000);
    CHECK(at.box->queued_bytes() < all.size());
    CHECK(at.receive(all.size()) == all);
    CHECK(at.box->queued_bytes() == 0);
}

TEST_CASE("a last broadcast that finds the connection broken breaks it off") {
    line at;
    at.far.set_option(asio::socket_base::linger(true, 0));
    at.far.close();
    tell_once(at, frame_of("a"), chat::urgency::write_through);
    at.settle();
    CHECK(at.box->failure());
    CHECK(at.box->queued_bytes() == 0);
}

TEST_CASE("whoever is answered is written to before the rooms tell") {
    line at;
    std::size_t written = 0;
    at.writes.tell_before_writing([&](auto, auto) {
        written = at.writes.counters().writes.value();
        return chat::told{};
    });
    at.box->push(frame_of("answer"), true);
    at.settle();
    CHECK(written == 1);
    CHECK(at.receive(6) == "answer");
}

TEST_CASE(
    "rooms that were told lately are told at the mark, which counts from the middle of the last "
    "telling") {
    line at(100ms);
    slow_rooms rooms(at, 300ms);
    rooms.owe(1);
    rooms.others_wait = true;
    rooms.owe(1);
    CHECK(rooms.told.size() == 2);  // the mark, 250 ms after the beginning, was over by then
}

TEST_CASE("the mark waits its time, from the last write of all that wait") {
    line at(50ms);
    slow_rooms rooms(at, 0ms);
    rooms.owe(1);
    rooms.others_wait = true;
    rooms.run_until_told(1);
    at.box->push(frame_of("a"), true);
    at.settle();
    const auto written = at.box->written_at();
    REQUIRE(written);
    at.box->push(frame_of("b"), false);
    rooms.owe(1);
    rooms.run_until_told(2);
    CHECK(rooms.told[1] - *written >= 50ms);
    CHECK(at.receive(2) == "ab");
}

TEST_CASE(
    "one mark follows another after the spacing at least, whoever was written to between them") {
    line at(50ms);
    slow_rooms rooms(at, 0ms);
    rooms.others_wait = true;
    for (std::size_t mark = 1; mark <= 3; ++mark) {
        rooms.owe(1);
        rooms.run_until_told(mark);
    }
    CHECK(rooms.told[1] - rooms.told[0] >= 50ms);
    CHECK(rooms.told[2] - rooms.told[1] >= 50ms);
}

TEST_CASE("rooms that will take long to tell wait for messages that are on their way") {
    line at;
    slow_rooms rooms(at, 1ms);
    rooms.owe(1);
    at.messages.asked = 2;
    rooms.owe(many);
    CHECK(rooms.told.size() == 1);
    at.messages.asked = 3;
    at.messages.answered = 1;
    rooms.owe(1);
    CHECK(rooms.told.size() == 1);
    at.messages.answered = 2;  // the third came later, and is not waited for
    rooms.owe(1);
    CHECK(rooms.told.size() == 2);
}

TEST_CASE(
    "messages on their way are waited for half as long as telling will take, and nobody need wake "
    "the rooms") {
    line at;
    slow_rooms rooms(at, 20ms);
    rooms.owe(1);
    at.messages.asked = 1;
    at.writes.rooms_owe(200);
    rooms.run_until_told(2);
    CHECK(rooms.told[1] - rooms.told[0] >= 40ms);
}

TEST_CASE("there is an end to waiting for messages, however many are owed") {
    line at(0ms, 1000, "", 10ms);
    slow_rooms rooms(at, 1ms);
    rooms.owe(1);
    at.messages.asked = 1;
    at.writes.rooms_owe(many);
    rooms.run_until_told(2);
    CHECK(rooms.told[1] - rooms.told[0] < 60s);
}

TEST_CASE("what telling a few took says nothing of many") {
    line at;
    slow_rooms rooms(at, 1ms, 2);
    rooms.owe(2);
    at.messages.asked = 1;
    at.writes.rooms_owe(10'000);
    rooms.run_until_told(2);
    CHECK(rooms.told[1] - rooms.told[0] < 2s);  // 2.5: half of what the two took, so many times
}

TEST_CASE("rooms that are told in no time wait for nothing") {
    line at;
    slow_rooms rooms(at, 0ms);
    rooms.owe(1);
    at.messages.asked = 1;
    rooms.owe(0);
    CHECK(rooms.told.size() == 2);
}

TEST_CASE("while rooms wait for messages, everybody else is written to") {
    line at;
    slow_rooms rooms(at, 1ms);
    rooms.owe(1);
    at.messages.asked = 1;
    at.box->push(frame_of("answer"), true);
    rooms.owe(many);
    CHECK(at.writes.counters().bytes.value() == 6);
    at.box->push(frame_of(", news"), false);
    at.settle();
    CHECK(at.writes.counters().bytes.value() == 12);
    CHECK(rooms.told.size() == 1);
    CHECK(at.receive(12) == "answer, news");
}

TEST_CASE("the mark tells rooms that wait for messages") {
    line at(50ms);
    slow_rooms rooms(at, 1ms);
    rooms.owe(1);
    at.messages.asked = 1;
    at.box->push(frame_of("a"), true);
    at.settle();
    at.box->push(frame_of("b"), false);  // waits for the mark
    const std::size_t times = rooms.told.size();
    rooms.owe(many);
    CHECK(rooms.told.size() == times);
    rooms.run_until_told(times + 1);
    CHECK(at.receive(2) == "ab");
}
