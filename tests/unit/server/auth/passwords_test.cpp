// Hashing and checking, with the cheapest cost that libsodium takes.
#include "server/auth/passwords.hpp"

#include "tests/unit/catch.hpp"
#include "tests/unit/within.hpp"

#include <sodium.h>

#include <future>

using namespace parley;
using auth::verdict;
using test::wait_for;
using test::within;

namespace {

constexpr auth::hash_cost cheap{crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN};

std::optional<std::string> hash(auth::passwords& pool, const std::string& password) {
    return wait_for<std::optional<std::string>>([&](auto done) { pool.hash(password, {}, done); });
}

verdict check(auth::passwords& pool, const std::string& password, const std::string& hash) {
    return wait_for<verdict>([&](auto done) { pool.check(password, hash, {}, done); });
}

// One thread, blocked by a first password until the test releases it.
struct held_pool {
    held_pool() {
        passwords.hash("first", {}, [this](const std::optional<std::string>&) {
            blocked.set_value();
            within(release.get_future(), "the test to go on");
        });
        within(blocked.get_future(), "a password to be hashed");
    }
    std::promise<void> blocked, release;
    auth::passwords passwords{cheap, 1};
};

}  // namespace

TEST_CASE("a password is kept as argon2id with its cost, and recognised") {
    auth::passwords pool(cheap);
    const auto kept = hash(pool, "correct horse");
    REQUIRE(kept);
    CHECK(kept->rfind("$argon2id$v=19$m=8,t=1,p=1$", 0) == 0);
    CHECK(hash(pool, "correct horse") != kept);  // salted
    CHECK(check(pool, "correct horse", *kept) == verdict::right);
    CHECK(check(pool, "correct horsf", *kept) == verdict::wrong);
    CHECK(check(pool, "", *kept) == verdict::wrong);
    CHECK(check(pool, "x", "not a hash") == verdict::wrong);
}

TEST_CASE("who has no password is never let in, and is checked at the same cost") {
    auth::passwords pool(cheap);
    CHECK(check(pool, "", "") == verdict::wrong);
    CHECK(check(pool, "anything", "") == verdict::wrong);
    const std::string stand_in = auth::dummy_hash(cheap);
    CHECK(crypto_pwhash_str_needs_rehash(stand_in.c_str(), cheap.passes,
                                         cheap.memory_bytes) == 0);  // well-formed
}

TEST_CASE("as many wait as the limit says, and one more is busy") {
    held_pool pool;
    std::promise<void> all;
    std::size_t hashed = 0, busy = 0;
    for (std::size_t i = 0; i < auth::waiting_passwords_max + 1; ++i)
        pool.passwords.hash("next", {}, [&](const std::optional<std::string>& result) {
            ++(result ? hashed : busy);
            if (hashed == auth::waiting_passwords_max) all.set_value();
        });
    CHECK(busy == 1);
    CHECK(hashed == 0);
    pool.release.set_value();
    within(all.get_future(), "all to be hashed");
    CHECK(busy == 1);
}

TEST_CASE(
    "a pool that ends hashes nothing more: what waits, and what still "
    "comes, is busy at once") {
    held_pool pool;
    std::size_t heard = 0,
                busy = 0;  // counted on the thread that ends the pool, where
                           // nothing may be CHECKed
    std::promise<void> all;
    const auto count = [&](bool is_busy) {
        busy += is_busy;
        if (++heard == 2) all.set_value();
    };
    pool.passwords.hash("next", {},
                        [&](const std::optional<std::string>& result) { count(!result); });
    pool.passwords.check("next", "", {}, [&](verdict result) { count(result == verdict::busy); });
    std::thread ends([&] { pool.passwords.end(); });
    within(all.get_future(), "all to be refused");  // while the first is still being hashed
    pool.passwords.check("late", "", {}, [&](verdict result) { CHECK(result == verdict::busy); });
    pool.release.set_value();
    ends.join();
    CHECK(busy == 2);
}

TEST_CASE("a flood from one source delays another source by one password") {
    held_pool pool;
    std::promise<void> all;
    std::string order;
    std::size_t busy = 0;
    const auto heard = [&](char source, bool was_busy) {
        busy += was_busy;
        if (!was_busy) order += source;
        if (order.size() == auth::waiting_passwords_max) all.set_value();
    };
    for (std::size_t i = 0; i < auth::waiting_passwords_max; ++i)
        pool.passwords.check("guess", "", {"flood", 0},
                             [&](verdict result) { heard('f', result == verdict::busy); });
    for (int i = 0; i < 2; ++i)
        pool.passwords.check("mine", "", {"other", 0},
                             [&](verdict result) { heard('o', result == verdict::busy); });
    CHECK(busy == 2);  // of the flood
    pool.release.set_value();
    within(all.get_future(), "all to be answered");
    CHECK(order.substr(0, 5) == "fofof");
}

TEST_CASE(
    "a password that has to wait is hashed after others, and not before "
    "its time") {
    using clock = std::chrono::steady_clock;
    auth::passwords pool(cheap, 1);
    std::promise<clock::time_point> late, early;
    const auto began = clock::now();
    pool.check("late", "", {"a", 1000}, [&](verdict) { late.set_value(clock::now()); });
    pool.check("early", "", {"a", 0}, [&](verdict) { early.set_value(clock::now()); });
    const auto early_at = within(early.get_future(), "the early one"),
               late_at = within(late.get_future(), "the late one");
    CHECK(late_at - began >= std::chrono::milliseconds(1000));
    CHECK(early_at < late_at);
}

TEST_CASE(
    "passwords that have to wait are bounded too, and busy when the pool "
    "ends") {
    std::size_t busy = 0;
    {
        auth::passwords pool(cheap, 1);
        for (std::size_t i = 0; i < auth::delayed_passwords_max + 1; ++i)
            pool.check("late", "", {"a", 3'600'000},
                       [&](verdict result) { busy += result == verdict::busy; });
        CHECK(busy == 1);
        CHECK(pool.waiting() == auth::delayed_passwords_max);
    }
    CHECK(busy == auth::delayed_passwords_max + 1);
}
