// The outboxes of a shard whose peers do not read: which gives back first, and what none forgets.
#include "server/net/unread.hpp"

#include "tests/unit/server/net/outbox_rig.hpp"

#include <memory>
#include <vector>

using namespace parley;
using namespace parley::tests;

namespace {

constexpr std::size_t frame_bytes = 5000;

struct shard_of_readers {
    explicit shard_of_readers(std::size_t unread_bytes_max)
        : pump(loop, messages, {.spacing = 0, .unread_bytes_max = unread_bytes_max}) {}

    asio::io_context loop{1};
    shard::message_flow messages;
    net::pump pump;

    // What all that is ready brings about.
    void settle() {
        loop.restart();
        while (loop.poll() > 0) continue;
    }
};

// A connection whose far end reads only when read() is called.
struct reader : net::outbox::owner {
    explicit reader(shard_of_readers& on) : at(on), far(on.loop) {
        tcp::acceptor listening(at.loop, {asio::ip::address_v4::loopback(), 0});
        tcp::socket near(at.loop);
        far.open(tcp::v4());
        far.set_option(asio::socket_base::receive_buffer_size(4096));
        far.connect(listening.local_endpoint());
        listening.accept(near);
        near.set_option(asio::socket_base::send_buffer_size(4096));
        box.emplace(std::move(near), "", 1 << 20, at.pump, *this);
        box->open();
    }
    std::shared_ptr<void> alive() override { return std::make_shared<int>(); }
    void outbox_drained() override { ++drained; }
    bool outbox_overdue() override {
        ++overdue;
        return forgets;
    }
    void outbox_given_up() override { box->drop(); }

    // Until so many bytes wait.
    reader& wait_with(std::size_t bytes, net::outbox::content kind) {
        while (box->queued_bytes() < bytes) {
            box->push(frame_of(std::string(frame_bytes, 'e')), true, kind);
            at.settle();
        }
        return *this;
    }
    std::string read(std::size_t size) {
        std::string out(size, '\0');
        bool done = false;
        asio::async_read(far, asio::buffer(out), [&](auto, std::size_t) { done = true; });
        test::run_until(at.loop, "bytes at the far end", [&] { return done; });
        return out;
    }

    shard_of_readers& at;
    tcp::socket far;
    std::optional<net::outbox> box;
    bool forgets = true;
    int drained = 0, overdue = 0;
};

constexpr auto events = net::outbox::content::events;
constexpr auto other = net::outbox::content::other;

}  // namespace

TEST_CASE("what waits is counted from the moment when the kernel takes nothing, until it has all") {
    shard_of_readers at(1 << 20);
    reader one(at), two(at);
    one.box->push(frame_of("taken at once"), true, events);
    at.settle();
    CHECK(at.pump.unread().bytes() == 0);
    one.wait_with(100'000, events);
    two.wait_with(50'000, other);
    CHECK(at.pump.unread().bytes() == one.box->queued_bytes() + two.box->queued_bytes());
    while (one.box->queued_bytes() > 0) one.read(1000);
    CHECK(at.pump.unread().bytes() == two.box->queued_bytes());
    two.box.reset();
    CHECK(at.pump.unread().bytes() == 0);
}

TEST_CASE("beyond the sum, whoever has read nothing for longest falls behind, and nobody else") {
    shard_of_readers at(200'000);
    reader oldest(at), later(at), latest(at);
    oldest.wait_with(80'000, events);
    later.wait_with(80'000, events);
    latest.wait_with(80'000, events);
    CHECK(oldest.overdue == 1);
    CHECK(later.overdue == 0);
    CHECK(latest.overdue == 0);
    CHECK(oldest.box->queued_bytes() < 20'000 + frame_bytes);
    CHECK(at.pump.unread().bytes() <= 200'000);
    CHECK(at.pump.counters().overdue.value() == 1);
}

TEST_CASE("who has taken something is not the one that has read nothing for longest") {
    shard_of_readers at(200'000);
    reader oldest(at), later(at), latest(at);
    oldest.wait_with(80'000, events);
    later.wait_with(80'000, events);
    const std::size_t before = oldest.box->queued_bytes();
    oldest.read(20'000);
    test::run_until(at.loop, "progress", [&] { return oldest.box->queued_bytes() < before; });
    oldest.wait_with(80'000, events);
    latest.wait_with(80'000, events);
    CHECK(oldest.overdue == 0);
    CHECK(later.overdue == 1);
}

TEST_CASE(
    "events are forgotten, answers are not; nothing is cut, and all is taken again after it") {
    shard_of_readers at(130'000);
    reader slow(at), busy(at);
    slow.wait_with(20'000, other);
    slow.box->push(frame_of("answer"), true);
    slow.wait_with(60'000, events);
    slow.box->push(frame_of("another"), true);
    const std::size_t taken_before = slow.box->queued_bytes();
    busy.wait_with(90'000, other);
    REQUIRE(slow.overdue == 1);
    CHECK(slow.box->queued_bytes() < taken_before);
    CHECK_FALSE(slow.box->offer(frame_of("event"), chat::urgency::prompt));
    CHECK(slow.drained == 0);
    std::string all;
    while (slow.box->queued_bytes() > 0) all += slow.read(1000);
    CHECK(slow.drained == 1);
    CHECK(slow.box->offer(frame_of("!"), chat::urgency::prompt));
    at.settle();
    slow.far.non_blocking(true);
    net::error_code error;
    for (char bytes[4096]; !error;)
        all.append(bytes, slow.far.read_some(asio::buffer(bytes), error));
    CHECK(all.ends_with("answeranother!"));
    CHECK(all.size() % frame_bytes == std::string("answeranother!").size() % frame_bytes);
}

TEST_CASE("when all have fallen behind and it is too much still, the longest unread is dropped") {
    shard_of_readers at(200'000);
    reader oldest(at), later(at), latest(at);
    for (reader* each : {&oldest, &later, &latest}) each->forgets = false;
    oldest.wait_with(80'000, other);
    later.wait_with(80'000, other);
    latest.wait_with(80'000, other);
    CHECK(oldest.box->queued_bytes() == 0);
    CHECK(later.box->queued_bytes() >= 80'000);
    CHECK(at.pump.counters().disconnected.value() == 1);
    CHECK(at.pump.unread().bytes() <= 200'000);
}

TEST_CASE("relief comes once after much has been given back") {
    shard_of_readers at(100 << 20);
    reader one(at);
    one.wait_with(9 << 20, other);
    CHECK_FALSE(at.pump.unread().take_relief());
    one.box->drop();
    CHECK(at.pump.unread().take_relief());
    CHECK_FALSE(at.pump.unread().take_relief());
}
