// The runs of one room, put in order once for everyone.
#include "server/chat/feed.hpp"

#include "tests/unit/catch.hpp"

#include <string>
#include <vector>

using namespace parley;

namespace {

chat::feed::run run_of(std::uint64_t first, std::uint64_t last) {
    chat::broadcast made;
    made.room = "lobby";
    made.epoch = 1;
    made.first = first;
    made.last = last;
    return std::make_shared<const chat::broadcast>(std::move(made));
}

struct followed_room {
    chat::feed feed;
    std::string passed;

    explicit followed_room(std::uint64_t end) { feed.begin(end); }
    void hear(std::uint64_t first, std::uint64_t last) {
        const auto heard = run_of(first, last);
        if (feed.hear(heard)) note(heard);
        while (const auto next = feed.next()) note(next);
        feed.check_invariants();
    }
    void note(const chat::feed::run& run) {
        passed += std::to_string(run->first) + "-" + std::to_string(run->last) + " ";
    }
};

}  // namespace

TEST_CASE("runs pass in order and once, whatever order and however often they come in") {
    followed_room room(10);
    room.hear(11, 12);
    room.hear(11, 12);
    room.hear(15, 16);
    room.hear(17, 17);
    CHECK(room.passed == "11-12 ");
    room.hear(13, 14);
    CHECK(room.passed == "11-12 13-14 15-16 17-17 ");
    CHECK_FALSE(room.feed.must_read());
}

TEST_CASE("a gap is read once, and what came meanwhile follows the page") {
    followed_room room(10);
    room.hear(12, 12);
    REQUIRE(room.feed.must_read());
    room.feed.reading_began();
    room.hear(14, 14);
    CHECK_FALSE(room.feed.must_read());
    room.feed.page_read(13);
    room.hear(11, 13);
    CHECK(room.passed == "11-13 14-14 ");
    CHECK_FALSE(room.feed.must_read());
}

TEST_CASE("a doubt that comes while a page is read is not answered by that page") {
    followed_room room(10);
    room.feed.doubt();
    REQUIRE(room.feed.must_read());
    room.feed.reading_began();
    room.feed.doubt();
    CHECK_FALSE(room.feed.must_read());
    room.feed.page_read(10);
    CHECK(room.feed.must_read());
}

TEST_CASE("a doubt from before the first is live, or from a page that nobody waited for, stays") {
    chat::feed feed;
    feed.doubt();
    CHECK_FALSE(feed.must_read());
    feed.begin(3);
    CHECK(feed.must_read());
    feed.reading_began();
    feed.stop();
    feed.begin(4);
    CHECK(feed.must_read());
}

TEST_CASE("a run that was cut by the end of a page is read to its end") {
    followed_room room(10);
    room.hear(10, 12);
    CHECK(room.passed.empty());
    CHECK(room.feed.must_read());
}

TEST_CASE("however many runs come early, few wait, and the others are read") {
    followed_room room(0);
    for (std::uint64_t seq = 2; seq < 1000; ++seq) room.hear(seq, seq);
    room.feed.check_invariants();
    room.feed.reading_began();
    room.feed.page_read(1);
    room.hear(1, 1);
    CHECK(room.feed.end() < 1000 - 1);
    CHECK(room.feed.must_read());
}

TEST_CASE("a room that lacks too much is not repaired") {
    followed_room room(0);
    room.hear(chat::repair_events_max, chat::repair_events_max);
    CHECK_FALSE(room.feed.is_far_behind());
    room.hear(chat::repair_events_max + 1, chat::repair_events_max + 1);
    CHECK(room.feed.is_far_behind());
    room.feed.skip_to(2000);
    room.hear(2001, 2001);
    CHECK(room.passed == "2001-2001 ");
    CHECK_FALSE(room.feed.must_read());
}
