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
    CHECK(log.at(5).text == "a");
}

TEST_CASE("there is no event 0") {
    room_log log;
    CHECK(log.apply(message_event(0, "bob", "a")) == verdict::duplicate);
    CHECK(log.empty());
}

TEST_CASE("an older page is taken as far as it is contiguous") {
    room_log log;
    log.apply(message_event(10, "bob", "a"));
    CHECK(log.prepend(messages(3, 8)) == 0);
    CHECK(log.prepend(messages(6, 9)) == 4);
    auto with_hole = messages(1, 5);
    with_hole.erase(with_hole.begin() + 2);
    CHECK(log.prepend(with_hole) == 2);
    CHECK(log.oldest() == 4);
    CHECK(log.prepend(messages(1, 3)) == 3);
    CHECK(log.oldest() == 1);
    CHECK(log.prepend({message_event(0, "bob", "a")}) == 0);
}

TEST_CASE("a copy is bounded: the oldest are let go, and no older page is taken beyond the limit") {
    room_log log;
    for (std::uint64_t seq = 10; seq < 10 + log_events_max; ++seq)
        log.apply(message_event(seq, "bob", "a"));
    CHECK(log.size() == log_events_max);
    CHECK(log.full());
    CHECK(log.prepend(messages(1, 9)) == 0);
    log.apply(message_event(10 + log_events_max, "bob", "a"));
    CHECK(log.size() == log_events_max + 1 - forgotten_at_once);
    CHECK(log.oldest() == 10 + forgotten_at_once);
    CHECK(log.top() == 10 + log_events_max);
}

}  // namespace parley::state
