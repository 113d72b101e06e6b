// The token bucket, at its limit and one beyond.
#include "server/chat/pace.hpp"

#include "tests/unit/catch.hpp"

using namespace parley;

namespace {
constexpr chat::steady_ms now = 1'795'132'800'000;
}

TEST_CASE("a burst passes, then so many a second, and no fraction is lost") {
    constexpr auto allowed = chat::at_pace(3, 300);
    chat::pace level;
    for (int i = 0; i < 3; ++i) CHECK(level.take(allowed, now) == 0);
    CHECK(level.take(allowed, now) == 4);  // 3.33 ms
    int passed = 0;
    for (chat::steady_ms at = now + 1; at <= now + 1000; ++at)
        passed += level.take(allowed, at) == 0;
    CHECK(passed == 300);
    CHECK_FALSE(level.full(now + 1000));
    CHECK(level.full(now + 1010));
}

TEST_CASE("what is refused takes nothing, what is given back can be taken again") {
    constexpr auto allowed = chat::at_pace(1, 10);
    chat::pace level;
    CHECK(level.take(allowed, now) == 0);
    for (int i = 0; i < 100; ++i) CHECK(level.take(allowed, now) == 100);
    level.give_back(allowed);
    CHECK(level.take(allowed, now) == 0);
    CHECK(level.take(allowed, now + 99) == 1);
    CHECK(level.take(allowed, now + 100) == 0);
}

TEST_CASE("either number 0 is no limit") {
    for (const auto allowed : {chat::at_pace(0, 5), chat::at_pace(5, 0), chat::allowance{}}) {
        chat::pace level;
        for (int i = 0; i < 1000; ++i) CHECK(level.take(allowed, now) == 0);
        CHECK(level.spend(allowed, now, 1 << 30) == 0);
    }
}

TEST_CASE("what is spent beyond the burst is owed, and made up for with time") {
    constexpr auto allowed = chat::at_pace(1000, 100);
    chat::pace level;
    CHECK(level.spend(allowed, now, 1000) == 0);
    CHECK(level.spend(allowed, now, 50) == 500);
    CHECK(level.spend(allowed, now + 499, 0) == 1);
    CHECK(level.spend(allowed, now + 500, 0) == 0);
    CHECK(level.spend(allowed, now + 500, 1) == 10);
}

TEST_CASE("a connection pays little for its paces") { CHECK(sizeof(chat::paces) == 16); }
