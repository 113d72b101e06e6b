// The outbox over a real connection: order, whole frames, bounds, the last word. Beast's part is played by
// async_write_some and async_read_some, which is all that it uses.
#include "server/net/outbox.hpp"

#include "tests/unit/catch.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>

#include <algorithm>
#include <optional>
#include <string>

using namespace parley;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using net::tcp;

namespace {

const std::string pong("\x8a\x00", 2), close_frame("\x88\x02\x03\xe8", 4);

chat::shared_frame frame_of(std::string bytes) { return std::make_shared<const std::string>(std::move(bytes)); }

// Both ends of a connection within this process, with small kernel buffers, so that they fill soon.
struct line : net::outbox::owner {
    explicit line(std::chrono::milliseconds spacing = 0ms, std::size_t bytes_max = 1000, std::string early = "")
        : writes(loop, spacing) {
        tcp::acceptor door(loop, {asio::ip::address_v4::loopback(), 0});
        tcp::socket near(loop);
        far.open(tcp::v4());
        far.set_option(asio::socket_base::receive_buffer_size(4096));
        far.connect(door.local_endpoint());
        door.accept(near);
        near.set_option(asio::socket_base::send_buffer_size(4096));
        box.emplace(std::move(near), std::move(early), bytes_max, writes, *this);
        box->open();
    }

    std::shared_ptr<void> alive() override { return std::make_shared<int>(); }
    void outbox_drained() override { ++drained; }

    // All that happens without anyone reading.
    void settle() {
        loop.restart();
        while (loop.poll() > 0) {
        }
    }

    // Reads at the far end, while the loop runs, until that many bytes have come.
    std::string receive(std::size_t size) {
        std::string out(size, '\0');
        bool done = false;
        asio::async_read(far, asio::buffer(out), [&](auto error, std::size_t) {
            REQUIRE_FALSE(error);
            done = true;
        });
        loop.restart();
        while (!done) loop.run_one();
        return out;
    }

    // Writes as Beast does; tells when it is completed, and with which error.
    std::shared_ptr<std::optional<net::error_code>> write(const std::string& bytes) {
        auto result = std::make_shared<std::optional<net::error_code>>();
        box->async_write_some(asio::buffer(bytes), [result, size = bytes.size()](net::error_code error, std::size_t n) {
            CHECK(n == (error ? 0 : size));
            *result = error;
        });
        return result;
    }

    asio::io_context loop{1};
    net::flusher writes;
    tcp::socket far{loop};
    std::optional<net::outbox> box;
    int drained = 0;
};

// Pushes until the kernel takes no more and `bytes` wait; returns all that was pushed.
std::string fill(line& at, std::size_t bytes) {
    std::string all;
    for (char c = 'a'; at.box->queued_bytes() < bytes; c = c == 'z' ? 'a' : static_cast<char>(c + 1)) {
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
    CHECK(at.writes.counted().writes.value() == 1);
    CHECK(at.writes.counted().bytes.value() == all.size());
}

TEST_CASE("a shared frame is not copied") {
    line at;
    const auto shared = frame_of("hello");
    at.box->push(shared, true);
    CHECK(shared.use_count() == 2);
    at.settle();
    CHECK(shared.use_count() == 1);
}

TEST_CASE("Beast's frames keep their place among the others") {
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
    at.loop.restart();
    while (!*written) at.loop.run_one();
    CHECK(at.box->queued_bytes() == 0);
    CHECK(at.box->failure());
    at.box->push(frame_of("nobody"), true);
    CHECK(at.box->queued_bytes() == 0);
}

TEST_CASE("a write of Beast's that finds the connection broken says so, and nothing more is queued") {
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
        at.loop.restart();
        while (size == 0) at.loop.run_one();
        got.append(bytes, size);
    };
    read();
    read();
    at.far.send(asio::buffer("late", 4));
    while (got.size() < 9) read();
    CHECK(got == "earlylate");
}

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

TEST_CASE("an outbox may go while it is listed") {
    line at(1h);
    at.box->push(frame_of("a"), false);
    at.settle();
    at.box->push(frame_of("b"), false);
    at.settle();  // listed for the mark
    at.box.reset();
    at.settle();
    line other;
    other.box->push(frame_of("a"), false);  // listed for this turn
    other.box.reset();
    other.settle();
    SUCCEED();
}

TEST_CASE("what is pushed before the handshake or after the session has shut it is passed over; Beast's pieces are not") {
    line at;
    at.box->shut();
    at.box->push(frame_of("too early"), true);
    at.box->open();
    at.box->push(frame_of("in time "), true);
    at.box->shut();
    at.box->push(frame_of("too late"), true);
    CHECK(at.box->offer(frame_of("too late"), chat::haste::prompt));
    CHECK(at.box->offer(frame_of("too late"), chat::haste::last));
    at.write(pong);
    CHECK(at.receive(8 + pong.size()) == "in time " + pong);
    CHECK(at.box->queued_bytes() == 0);
}

TEST_CASE("a broadcast is refused beyond the bound") {
    line at;
    fill(at, 1001);
    const std::size_t queued = at.box->queued_bytes();
    CHECK_FALSE(at.box->offer(frame_of("one more"), chat::haste::prompt));
    CHECK_FALSE(at.box->offer(frame_of("one more"), chat::haste::last));
    CHECK(at.box->queued_bytes() == queued);
}

TEST_CASE("a reader is stalled from the moment when the kernel refused, until it takes something again") {
    line at;
    CHECK_FALSE(at.box->stalled(net::flusher::clock::now() + 1h, 0s));
    const std::string all = fill(at, 1001);
    const auto now = net::flusher::clock::now();
    CHECK(at.box->stalled(now + 30s, 30s));
    CHECK_FALSE(at.box->stalled(now, 30s));
    CHECK(at.receive(all.size()) == all);
    at.settle();
    CHECK_FALSE(at.box->stalled(now + 1h, 0s));
}

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
