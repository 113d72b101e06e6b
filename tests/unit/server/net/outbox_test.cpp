// The outbox over a real connection: order, whole frames, bounds, the last word. Beast's part is
// played by async_write_some and async_read_some, which is all that it uses.
#include "server/net/outbox.hpp"
#include "server/base/clock.hpp"

#include "tests/unit/server/net/outbox_rig.hpp"

#include <algorithm>

using namespace parley;
using namespace parley::tests;

namespace {

const std::string pong("\x8a\x00", 2), close_frame("\x88\x02\x03\xe8", 4);

// Pushes until the kernel takes no more and `bytes` wait; returns all that was pushed.
std::string fill(line& at, std::size_t bytes) {
    std::string all;
    for (char c = 'a'; at.box->queued_bytes() < bytes;
         c = c == 'z' ? 'a' : static_cast<char>(c + 1)) {
        all.append(5000, c);
        at.box->push(frame_of(std::string(5000, c)), true);
        at.settle();
    }
    return all;
}

}  // namespace

TEST_CASE("what is queued in one turn leaves in order and in one write") {
    line at;
    std::string all;
    for (char c = 'a'; c <= 'z'; ++c) {
        at.box->push(frame_of(std::string(3, c)), false);
        all.append(3, c);
    }
    CHECK(at.box->queued_bytes() == all.size());
    CHECK(at.receive(all.size()) == all);
    CHECK(at.box->queued_bytes() == 0);
    CHECK(at.pump.counters().writes.value() == 1);
    CHECK(at.pump.counters().bytes.value() == all.size());
}

TEST_CASE("a shared frame is not copied") {
    line at;
    const auto shared = frame_of("hello");
    at.box->push(shared, true);
    CHECK(shared.use_count() == 2);
    at.settle();
    CHECK(shared.use_count() == 1);
}

TEST_CASE("Beast's frames keep their order among the others") {
    line at;
    at.box->push(frame_of("first"), false);
    const auto written = at.write(pong);
    at.box->push(frame_of("second"), false);
    CHECK(at.receive(13) == "first" + pong + "second");
    at.settle();
    REQUIRE(*written);
    CHECK_FALSE(**written);
}

TEST_CASE("a control frame never comes between the bytes of a half-sent frame") {
    line at;
    std::string all = fill(at, 100'000);
    const auto written = at.write(pong);
    at.box->push(frame_of("end"), false);
    all += pong + "end";
    CHECK(at.receive(all.size()) == all);
    at.settle();
    CHECK(*written);
}

TEST_CASE("Beast waits while the queue is over its bound, and not longer") {
    line at(0ms, 20'000);
    const std::string all = fill(at, 50'000);
    const auto written = at.write(pong);
    at.settle();
    CHECK_FALSE(*written);
    CHECK(at.drained == 0);
    CHECK(at.receive(all.size() + pong.size()) == all + pong);
    at.settle();
    REQUIRE(*written);
    CHECK_FALSE(**written);
    CHECK(at.drained == 1);
}

TEST_CASE("`drained` comes once for each time the bound was passed") {
    line at(0ms, 20'000);
    for (int times = 1; times <= 3; ++times) {
        at.receive(fill(at, 20'001).size());
        CHECK(at.drained == times);
    }
    at.box->push(frame_of("few"), true);
    CHECK(at.receive(3) == "few");
    CHECK(at.drained == 3);
}

TEST_CASE("after a close frame nothing more is queued, and its write completes when all has left") {
    line at(0ms, 1'000'000);
    const std::string all = fill(at, 50'000);
    const auto closed = at.write(close_frame);
    at.settle();
    CHECK_FALSE(*closed);
    const std::size_t queued = at.box->queued_bytes();
    at.box->push(frame_of("too late"), true);
    CHECK(at.box->queued_bytes() == queued);
    CHECK(at.receive(all.size() + close_frame.size()) == all + close_frame);
    at.settle();
    REQUIRE(*closed);
    CHECK_FALSE(**closed);
    const auto late = at.write(pong);
    at.settle();
    REQUIRE(*late);
    CHECK(**late == asio::error::operation_aborted);
}

TEST_CASE("a broken connection forgets its queue and lets Beast go on") {
    line at;
    fill(at, 50'000);
    const auto written = at.write(pong);
    at.far.set_option(asio::socket_base::linger(true, 0));
    at.far.close();  // with a reset
    test::run_until(at.loop, "the end of a write", [&] { return written->has_value(); });
    CHECK(at.box->queued_bytes() == 0);
    CHECK(at.box->failure());
    at.box->push(frame_of("nobody"), true);
    CHECK(at.box->queued_bytes() == 0);
}

TEST_CASE(
    "a write of Beast's that finds the connection broken says so, and nothing more is queued") {
    line at(0ms, 1000);
    at.far.set_option(asio::socket_base::linger(true, 0));
    at.far.close();
    const auto written = at.write(std::string(2000, 'H'));  // over the bound: tried at once
    at.settle();
    REQUIRE(*written);
    CHECK(**written == at.box->failure());
    at.box->push(frame_of("nobody"), true);
    CHECK(at.box->queued_bytes() == 0);
}

TEST_CASE("a burst that the kernel takes does not count as a slow reader") {
    line at(0ms, 1000);
    std::string all;
    for (char c = 'a'; c <= 'f'; ++c) {
        at.box->push(frame_of(std::string(400, c)), true);
        all.append(400, c);
    }
    CHECK(at.box->queued_bytes() <= 1000);
    CHECK(at.receive(all.size()) == all);
    CHECK(at.drained == 0);
}

TEST_CASE("dropping completes what waits") {
    line at;
    fill(at, 50'000);
    const auto written = at.write(pong);
    at.settle();
    CHECK_FALSE(*written);
    at.box->drop();
    at.settle();
    CHECK(*written);
    CHECK(at.box->queued_bytes() == 0);
}

TEST_CASE("bytes that were read too early are read first") {
    line at(0ms, 1000, "early");
    std::string got;
    const auto read = [&] {
        char bytes[3];
        std::size_t size = 0;
        at.box->async_read_some(asio::buffer(bytes), [&](auto, std::size_t n) { size = n; });
        test::run_until(at.loop, "a read", [&] { return size > 0; });
        got.append(bytes, size);
    };
    read();
    read();
    at.far.send(asio::buffer("late", 4));
    while (got.size() < 9) read();
    CHECK(got == "earlylate");
}

TEST_CASE("an outbox may go while it is listed") {
    line at(1h);
    at.box->push(frame_of("a"), false);
    at.settle();
    at.box->push(frame_of("b"), false);
    at.settle();  // listed for the tick
    at.box.reset();
    at.settle();
    line other;
    other.box->push(frame_of("a"), false);  // listed for this turn
    other.box.reset();
    other.settle();
    SUCCEED();
}

TEST_CASE(
    "what is pushed before the handshake or after the session has shut it is passed over; Beast's "
    "pieces are not") {
    line at;
    at.box->shut();
    at.box->push(frame_of("too early"), true);
    at.box->open();
    at.box->push(frame_of("in time "), true);
    at.box->shut();
    at.box->push(frame_of("too late"), true);
    CHECK(at.box->offer(frame_of("too late"), chat::urgency::prompt));
    at.write(pong);
    CHECK(at.receive(8 + pong.size()) == "in time " + pong);
    CHECK(at.box->queued_bytes() == 0);
    const auto writes = at.pump.counters().writes.value();
    CHECK(at.box->offer(frame_of("too late"), chat::urgency::write_through));
    CHECK(at.pump.counters().writes.value() == writes);
}

TEST_CASE("a broadcast is refused beyond the bound") {
    line at;
    fill(at, 1001);
    const std::size_t queued = at.box->queued_bytes();
    CHECK_FALSE(at.box->offer(frame_of("one more"), chat::urgency::prompt));
    CHECK_FALSE(at.box->offer(frame_of("one more"), chat::urgency::write_through));
    CHECK(at.box->queued_bytes() == queued);
}

TEST_CASE(
    "a reader is stalled from the moment when the kernel refused, until it takes something again") {
    line at;
    CHECK_FALSE(at.box->stalled(base::steady_clock_us() + to_us(1h), 0));
    const std::string all = fill(at, 1001);
    const auto now = base::steady_clock_us();
    CHECK(at.box->stalled(now + to_us(30s), to_us(30s)));
    CHECK_FALSE(at.box->stalled(now, to_us(30s)));
    CHECK(at.receive(all.size()) == all);
    at.settle();
    CHECK_FALSE(at.box->stalled(now + to_us(1h), 0));
}
