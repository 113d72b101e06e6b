// The token bucket, at its limit and one beyond.
#include "server/auth/throttle.hpp"

#include "tests/unit/catch.hpp"

using namespace parley;

namespace {
constexpr chat::steady_ms now = 1'795'132'800'000;
}

TEST_CASE("a burst is allowed, then one more after each interval") {
    auth::throttle bucket({3, 1'000}, 10);
    for (int i = 0; i < 3; ++i) CHECK(bucket.take("ann", now) == 0);
    CHECK(bucket.take("ann", now) == 1'000);
    CHECK(bucket.take("ann", now + 400) == 600);
    CHECK(bucket.take("ann", now + 1'000) == 0);
    CHECK(bucket.take("ann", now + 1'000) == 1'000);
    for (int i = 0; i < 3; ++i) CHECK(bucket.take("ann", now + 60'000) == 0);
    CHECK(bucket.take("ann", now + 60'000) == 1'000);
}

TEST_CASE("one key does not pay for another, and a good attempt costs nothing") {
    auth::throttle bucket({1, 1'000}, 10);
    CHECK(bucket.take("ann", now) == 0);
    CHECK(bucket.take("bob", now) == 0);
    CHECK(bucket.take("ann", now) > 0);
    bucket.give_back("ann");
    CHECK(bucket.take("ann", now) == 0);
    bucket.give_back("nobody");
}

TEST_CASE(
    "as many keys are remembered as the limit says; the one with the "
    "fewest attempts goes") {
    auth::throttle bucket({3, 1'000}, 3);
    for (const char* key : {"a", "a", "a", "b", "b", "c"}) CHECK(bucket.take(key, now) == 0);
    CHECK(bucket.keys() == 3);
    for (const char* key : {"d", "e", "f"}) CHECK(bucket.take(key, now) == 0);
    CHECK(bucket.keys() == 3);
    CHECK(bucket.owed("a", now) == 3);
    CHECK(bucket.owed("b", now) == 2);
    CHECK(bucket.owed("c", now) == 0);
    CHECK(bucket.owed("f", now) == 1);
    CHECK(bucket.owed("f", now + 999) == 1);
    CHECK(bucket.owed("f", now + 1'000) == 0);
}

TEST_CASE(
    "an attempt that will be allowed soon can be reserved, for whoever "
    "waits so long") {
    auth::throttle bucket({1, 1'000}, 10);
    CHECK(bucket.reserve("ann", now, 2'000) == 0);
    CHECK(bucket.reserve("ann", now, 2'000) == 1'000);
    CHECK(bucket.reserve("ann", now, 2'000) == 2'000);
    CHECK(bucket.reserve("ann", now, 2'000) == 3'000);  // and takes nothing
    CHECK(bucket.reserve("ann", now, 3'000) == 3'000);
    CHECK(bucket.take("ann", now + 3'999) == 1);
    CHECK(bucket.take("ann", now + 4'000) == 0);
}
