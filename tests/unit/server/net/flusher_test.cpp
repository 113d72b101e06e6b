// When outboxes write: at the end of a turn, or at the mark; and what rooms tell last in a turn.
#include "server/net/flusher.hpp"

#include "tests/unit/server/net/outbox_rig.hpp"

using namespace parley;
using namespace parley::tests;

namespace {

// Offers this when the rooms tell, at the end of a turn or at the mark.
void tell_once(line& at, const chat::shared_frame& frame, chat::haste when) {
    at.writes.tell_before_writing([&at, frame, when, told = false](auto, auto) mutable {
        if (!std::exchange(told, true)) CHECK(at.box->offer(frame, when));
        return false;
    });
    at.writes.wake();
}

}  // namespace

TEST_CASE("a busy connection waits for its mark, a quiet one does not") {
    line at(1h);
    at.box->push(frame_of("a"), false);
    CHECK(at.receive(1) == "a");
    at.box->push(frame_of("b"), false);
    at.settle();
    CHECK(at.box->queued_bytes() == 1);
}

TEST_CASE("what is prompt takes along what waits for the mark") {
    line at(1h);
    at.box->push(frame_of("a"), false);
    at.settle();
    at.box->push(frame_of("b"), false);
    at.settle();
    at.box->push(frame_of("c"), true);
    CHECK(at.receive(3) == "abc");
    CHECK(at.writes.counted().writes.value() == 2);
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
    CHECK(at.writes.counted().writes.value() == 2);
}

TEST_CASE("the last broadcast of a turn is written without being queued") {
    line at;
    const auto frame = frame_of("hello");
    tell_once(at, frame, chat::haste::last);
    at.loop.poll_one();
    CHECK(at.writes.counted().writes.value() == 1);
    CHECK(at.writes.counted().queued.value() == 0);
    CHECK(at.receive(5) == "hello");
}

TEST_CASE("the last broadcast of a turn leaves behind what is queued, in one write") {
    line at;
    at.box->push(frame_of("queued, "), false);
    tell_once(at, frame_of("told"), chat::haste::last);
    CHECK(at.receive(12) == "queued, told");
    CHECK(at.writes.counted().writes.value() == 1);
}

TEST_CASE("the last broadcast of a turn waits for the mark where the connection was written to lately") {
    line at(1h);
    at.box->push(frame_of("a"), true);
    at.settle();
    tell_once(at, frame_of("b"), chat::haste::last);
    at.settle();
    CHECK(at.box->queued_bytes() == 1);
    CHECK(at.writes.counted().writes.value() == 1);
}

TEST_CASE("what the kernel does not take of the last broadcast waits, and nothing is sent twice") {
    line at(0ms, 100'000);
    std::string all;
    for (char c = 'a'; all.size() < 60'000; c = c == 'z' ? 'a' : static_cast<char>(c + 1)) {
        all.append(7'000, c);
        tell_once(at, frame_of(std::string(7'000, c)), chat::haste::last);
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
    tell_once(at, frame_of("a"), chat::haste::last);
    at.settle();
    CHECK(at.box->failure());
    CHECK(at.box->queued_bytes() == 0);
}

TEST_CASE("whoever is answered is written to before the rooms tell") {
    line at;
    std::size_t written = 0;
    at.writes.tell_before_writing([&](auto, auto) {
        written = at.writes.counted().writes.value();
        return false;
    });
    at.box->push(frame_of("answer"), true);
    at.settle();
    CHECK(written == 1);
    CHECK(at.receive(6) == "answer");
}
