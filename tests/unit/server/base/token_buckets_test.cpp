// A table of token buckets: each key at its limit and one beyond, and the table when it is full.
#include "server/base/token_buckets.hpp"

#include "tests/unit/catch.hpp"

using namespace parley;
using base::allowance;
using base::token_buckets;

namespace {
constexpr base::steady_ms now = 1'795'132'800'000;
}

TEST_CASE("a burst is allowed, then one more after each interval") {
    token_buckets buckets(allowance::one_each(3, 1'000), 10);
    for (int i = 0; i < 3; ++i) CHECK(buckets.take("ann", now) == 0);
    CHECK(buckets.take("ann", now) == 1'000);
    CHECK(buckets.take("ann", now + 400) == 600);
    CHECK(buckets.take("ann", now + 1'000) == 0);
    CHECK(buckets.take("ann", now + 1'000) == 1'000);
    for (int i = 0; i < 3; ++i) CHECK(buckets.take("ann", now + 60'000) == 0);
    CHECK(buckets.take("ann", now + 60'000) == 1'000);
}

TEST_CASE("one key does not pay for another, and a good attempt costs nothing") {
    token_buckets buckets(allowance::one_each(1, 1'000), 10);
    CHECK(buckets.take("ann", now) == 0);
    CHECK(buckets.take("bob", now) == 0);
    CHECK(buckets.take("ann", now) > 0);
    buckets.give_back("ann");
    CHECK(buckets.take("ann", now) == 0);
    buckets.give_back("nobody");
}

TEST_CASE(
    "as many keys are remembered as the limit says; the one with the "
    "fewest attempts goes") {
    token_buckets buckets(allowance::one_each(3, 1'000), 3);
    for (const char* key : {"a", "a", "a", "b", "b", "c"}) CHECK(buckets.take(key, now) == 0);
    CHECK(buckets.keys() == 3);
    for (const char* key : {"d", "e", "f"}) CHECK(buckets.take(key, now) == 0);
    CHECK(buckets.keys() == 3);
    CHECK(buckets.missing("a", now) == 3);
    CHECK(buckets.missing("b", now) == 2);
    CHECK(buckets.missing("c", now) == 0);
    CHECK(buckets.missing("f", now) == 1);
    CHECK(buckets.missing("f", now + 999) == 1);
    CHECK(buckets.missing("f", now + 1'000) == 0);
}

TEST_CASE(
    "an attempt that will be allowed soon can be reserved, by a caller "
    "that waits so long") {
    token_buckets buckets(allowance::one_each(1, 1'000), 10);
    CHECK(buckets.reserve("ann", now, 2'000) == 0);
    CHECK(buckets.reserve("ann", now, 2'000) == 1'000);
    CHECK(buckets.reserve("ann", now, 2'000) == 2'000);
    CHECK(buckets.reserve("ann", now, 2'000) == 3'000);  // and takes nothing
    CHECK(buckets.reserve("ann", now, 3'000) == 3'000);
    CHECK(buckets.take("ann", now + 3'999) == 1);
    CHECK(buckets.take("ann", now + 4'000) == 0);
}

TEST_CASE("what is full again can be forgotten without a difference, what is not stays") {
    token_buckets buckets(allowance::one_each(2, 1'000), 10);
    for (const char* key : {"a", "b", "b"}) CHECK(buckets.take(key, now) == 0);
    buckets.forget_full(now + 999);
    CHECK(buckets.keys() == 2);
    buckets.forget_full(now + 1'000);
    CHECK(buckets.keys() == 1);
    CHECK(buckets.missing("b", now + 1'000) == 1);
    buckets.give_back("a");
    CHECK(buckets.keys() == 1);
}

TEST_CASE("without a limit nothing is remembered") {
    token_buckets buckets({}, 1);
    for (int i = 0; i < 1'000; ++i) CHECK(buckets.take("a", now) == 0);
    CHECK(buckets.keys() == 0);
}
