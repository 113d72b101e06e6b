// The seq rule of a room's copy.
#include "tests/unit/wasm-client/state/driven_model.hpp"

namespace parley::state {

using verdict = room_log::verdict;

TEST_CASE("the first event of a fresh copy sets the base, whatever its seq") {
    room_log log;
    CHECK(log.apply(message_event(41, "bob", "a")) == verdict::applied);
    CHECK(log.oldest() == 41);
    CHECK(log.apply(message_event(42, "bob", "b")) == verdict::applied);
    CHECK(log.top() == 42);
}

TEST_CASE("lower is a duplicate, higher is a gap, and neither changes the copy") {
    room_log log;
    log.apply(message_event(5, "bob", "a"));
    CHECK(log.apply(message_event(5, "bob", "other")) == verdict::duplicate);
    CHECK(log.apply(message_event(1, "bob", "other")) == verdict::duplicate);
    CHECK(log.apply(message_event(7, "bob", "other")) == verdict::gap);
    CHECK(log.size() == 1);
    CHECK(protocol::text_of(*log.find(5)) == "a");
}

TEST_CASE("there is no event 0") {
    room_log log;
    CHECK(log.apply(message_event(0, "bob", "a")) == verdict::duplicate);
    CHECK(log.empty());
}

TEST_CASE("a page in front of a stretch extends it, wherever else it reaches") {
    room_log log;
    log.apply(message_event(10, "bob", "a"));
    CHECK(log.take({.from = 6, .to = 9, .top = 10, .entries = messages(6, 9)}));
    REQUIRE(log.stretches().size() == 1);
    CHECK(log.oldest() == 6);
    CHECK(log.top() == 10);
    CHECK(log.size() == 5);
    CHECK(log.take({.from = 3, .to = 7, .top = 10, .entries = messages(3, 7)}));
    CHECK(log.oldest() == 3);
    CHECK(log.size() == 8);
    CHECK_FALSE(log.take({.from = 3, .to = 2, .top = 10, .entries = {}}));
    CHECK_FALSE(log.take({.from = 0, .to = 2, .top = 10, .entries = messages(0, 2)}));
    CHECK(log.size() == 8);
}

TEST_CASE("a page elsewhere is a stretch of its own, until what lies between is there") {
    room_log log;
    log.take({.from = 80, .to = 100, .top = 100, .entries = messages(80, 100)});
    log.take({.from = 20, .to = 40, .top = 100, .entries = messages(20, 40)});
    REQUIRE(log.stretches().size() == 2);
    CHECK(log.oldest() == 80);
    CHECK(log.top() == 100);
    CHECK(log.around(30) == &log.stretches()[0]);
    CHECK(log.around(60) == nullptr);
    CHECK(log.find(41) == nullptr);
    CHECK(log.apply(message_event(101, "bob", "live")) == verdict::applied);
    log.take({.from = 41, .to = 60, .top = 101, .entries = messages(41, 60)});
    CHECK(log.stretches().size() == 2);
    log.take({.from = 61, .to = 79, .top = 101, .entries = messages(61, 79)});
    REQUIRE(log.stretches().size() == 1);
    CHECK(log.oldest() == 20);
    CHECK(log.size() == 82);
}

TEST_CASE("a page stands for all of its events, also where it has no entries") {
    room_log log;
    auto entries = messages(15, 16);
    entries.push_back(message_event(99, "bob", "not in the page"));
    entries.push_back(message_event(17, "bob", "not ascending"));
    log.take({.from = 10, .to = 30, .top = 30, .entries = entries});
    CHECK(log.oldest() == 10);
    CHECK(log.top() == 30);
    CHECK(log.size() == 3);
    CHECK(log.apply(event_of(31, "bob", protocol::unknown_kind{})) == verdict::applied);
    CHECK(log.top() == 31);
    CHECK(log.size() == 3);
}

TEST_CASE("a page does not lengthen the copy: runs tell other stretches what it does not") {
    room_log log;
    log.take({.from = 50, .to = 60, .top = 60, .entries = messages(50, 60)});
    log.take({.from = 1, .to = 9, .top = 60, .entries = messages(1, 9)});
    CHECK(log.take({.from = 40, .to = 70, .top = 70, .entries = messages(40, 70)}));
    CHECK(log.top() == 60);
    CHECK(log.stretches().back().from == 40);
    CHECK_FALSE(log.take({.from = 61, .to = 70, .top = 70, .entries = messages(61, 70)}));
}

TEST_CASE("a copy is bounded: the oldest entries are dropped, those of other stretches first") {
    room_log log;
    const std::uint64_t first = 1'000;
    log.take({.from = first, .to = first, .top = first, .entries = messages(first, first)});
    log.take({.from = 10, .to = 19, .top = first, .entries = messages(10, 19)});
    while (!log.full()) log.apply(message_event(log.top() + 1, "bob", "a"));
    CHECK(log.size() == log_entries_max);
    log.apply(message_event(log.top() + 1, "bob", "a"));
    CHECK(log.size() == log_entries_max + 1 - forgotten_at_once);
    REQUIRE(log.stretches().size() == 1);
    CHECK(log.oldest() == first + forgotten_at_once - 10);
    CHECK(log.top() == first + log_entries_max - 10);
}

}  // namespace parley::state
