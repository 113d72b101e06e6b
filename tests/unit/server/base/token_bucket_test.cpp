// The token bucket, at its limit and one beyond.
#include "server/base/token_bucket.hpp"

#include "tests/unit/catch.hpp"

using namespace parley;
using base::allowance;
using base::token_bucket;

namespace {
constexpr base::steady_ms now = 1'795'132'800'000;
}

TEST_CASE("a burst passes, then so many a second, and no fraction is lost") {
    constexpr auto allowed = allowance::per_second(3, 300);
    token_bucket bucket;
    for (int i = 0; i < 3; ++i) CHECK(bucket.take(allowed, now) == 0);
    CHECK(bucket.take(allowed, now) == 4);  // 3.33 ms
    int passed = 0;
    for (base::steady_ms at = now + 1; at <= now + 1000; ++at)
        passed += bucket.take(allowed, at) == 0;
    CHECK(passed == 300);
    CHECK_FALSE(bucket.is_full(now + 1000));
    CHECK(bucket.is_full(now + 1010));
}

TEST_CASE("what is refused takes nothing, what is given back can be taken again") {
    constexpr auto allowed = allowance::per_second(1, 10);
    token_bucket bucket;
    CHECK(bucket.take(allowed, now) == 0);
    for (int i = 0; i < 100; ++i) CHECK(bucket.take(allowed, now) == 100);
    bucket.give_back(allowed);
    CHECK(bucket.take(allowed, now) == 0);
    CHECK(bucket.take(allowed, now + 99) == 1);
    CHECK(bucket.take(allowed, now + 100) == 0);
}

TEST_CASE("either number 0 is no limit") {
    for (const auto allowed :
         {allowance::per_second(0, 5), allowance::per_second(5, 0), allowance{}}) {
        token_bucket bucket;
        for (int i = 0; i < 1000; ++i) CHECK(bucket.take(allowed, now) == 0);
        CHECK(bucket.spend(allowed, now, 1 << 30) == 0);
    }
}

TEST_CASE("what is spent beyond the burst is owed, and made up for with time") {
    constexpr auto allowed = allowance::per_second(1000, 100);
    token_bucket bucket;
    CHECK(bucket.spend(allowed, now, 1000) == 0);
    CHECK(bucket.spend(allowed, now, 50) == 500);
    CHECK(bucket.spend(allowed, now + 499, 0) == 1);
    CHECK(bucket.spend(allowed, now + 500, 0) == 0);
    CHECK(bucket.spend(allowed, now + 500, 1) == 10);
}

TEST_CASE("what will be there soon can be taken in advance, by a caller that waits so long") {
    constexpr auto allowed = allowance::one_each(1, 1'000);
    token_bucket bucket;
    CHECK(bucket.reserve(allowed, now, 2'000) == 0);
    CHECK(bucket.reserve(allowed, now, 2'000) == 1'000);
    CHECK(bucket.reserve(allowed, now, 2'000) == 2'000);
    CHECK(bucket.reserve(allowed, now, 2'000) == 3'000);  // and takes nothing
    CHECK(bucket.missing(allowed, now) == 3);
    CHECK(bucket.take(allowed, now + 2'999) == 1);
    CHECK(bucket.take(allowed, now + 3'000) == 0);
}

TEST_CASE("a connection pays little for its buckets") { CHECK(sizeof(token_bucket) == 8); }
