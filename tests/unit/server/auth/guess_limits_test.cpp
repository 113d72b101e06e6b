// Attackers of several kinds, hour by hour, and an owner who signs in meanwhile.
#include "server/auth/guess_limits.hpp"

#include "tests/unit/catch.hpp"

using namespace parley;
using auth::guess;
using auth::guess_limits;

namespace {

constexpr std::uint64_t hour_ms = 60 * 60 * 1000;

// Guesses wrong at ann's password, each time from the next of so many addresses.
struct attack {
    std::uint64_t interval_ms;
    std::size_t addresses;
    std::uint64_t tried = 0, next = 0;

    void guess_until(guess_limits& limits, base::steady_ms from, base::steady_ms now) {
        for (; from + next * interval_ms <= now; ++next) {
            const std::string address = "attacker " + std::to_string(next % addresses);
            const auto admitted = limits.take({"ann", address, ""}, from + next * interval_ms);
            if (admitted.retry_ms == 0) ++tried;
        }
    }
};

struct siege {
    std::uint64_t longest_delay_ms = 0;
    std::uint64_t refused = 0;
    std::vector<std::uint64_t> tried_by_hour;
};

// The owner signs in every five minutes, each time from an address that is new here.
siege besiege(attack attacker, std::size_t hours, const std::string& device = "") {
    guess_limits limits;
    siege out;
    const base::steady_ms begin = 5'000;
    for (std::size_t hour = 0; hour < hours; ++hour) {
        const std::uint64_t before = attacker.tried;
        for (std::uint64_t passed = 0; passed < hour_ms; passed += 20'000) {
            const base::steady_ms now = begin + hour * hour_ms + passed;
            attacker.guess_until(limits, begin, now);
            const guess right{"ann", "owner " + std::to_string(now), device};
            const auto admitted = limits.take(right, now);
            if (admitted.retry_ms > 0) {
                ++out.refused;
                continue;
            }
            out.longest_delay_ms = std::max(out.longest_delay_ms, admitted.delay_ms);
            limits.give_back(right, admitted);
        }
        attacker.guess_until(limits, begin, begin + (hour + 1) * hour_ms - 1);
        out.tried_by_hour.push_back(attacker.tried - before);
    }
    return out;
}

guess from(const std::string& address, const std::string& user = "ann") {
    return {user, address, ""};
}

}  // namespace

TEST_CASE(
    "guesses of one address do not delay the owner at another, and "
    "stay few") {
    const auto under = besiege({300, 1}, 3);
    CHECK(under.refused == 0);
    CHECK(under.longest_delay_ms == 0);
    CHECK(under.tried_by_hour[0] <= 70);
    CHECK(under.tried_by_hour[2] <= 60);
}

TEST_CASE(
    "guesses of fifty addresses, every 0.3 s or every 5 s, do not delay "
    "the owner") {
    for (const std::uint64_t interval_ms : {30, 300, 5'000}) {
        CAPTURE(interval_ms);
        const auto under = besiege({interval_ms, 50}, 3);
        CHECK(under.refused == 0);
        CHECK(under.longest_delay_ms == 0);
        CHECK(under.tried_by_hour[0] <= 50 + 150 + 370);
        CHECK(under.tried_by_hour[2] <= 410);
    }
}

TEST_CASE(
    "from ever new addresses guesses stay bounded, and a device known "
    "before is let through") {
    const auto under = besiege({300, 1'000'000}, 2, "device");
    CHECK(under.refused == 0);
    CHECK(under.longest_delay_ms == 0);
    CHECK(under.tried_by_hour[0] <= 100 + 1'800 + 5);
    const auto slowed = besiege({2'100, 1'000'000}, 2);  // as fast as they can be tried
    CHECK(slowed.refused == 0);
    CHECK(slowed.longest_delay_ms <= auth::guess_delay_max_ms);
}

TEST_CASE(
    "an owner who mistypes meanwhile still waits behind nobody who "
    "failed more often") {
    guess_limits limits;
    attack attacker{300, 50};
    attacker.guess_until(limits, 5'000, 5'000 + hour_ms);
    for (int i = 0; i < 3; ++i) {
        const auto wrong = limits.take(from("owner"), 5'000 + hour_ms);
        CHECK(wrong.retry_ms == 0);
        CHECK(wrong.delay_ms <= 5'000);
    }
    CHECK(limits.take(from("owner"), 5'000 + hour_ms).retry_ms == 0);
}

TEST_CASE("a device has a budget of its own, and beyond it counts as a stranger") {
    guess_limits limits;
    const guess known{"ann", "here", "device"};
    for (std::uint64_t i = 0; i < auth::attempts_per_device.burst; ++i)
        CHECK(limits.take(known, 1'000).by_device);
    const auto next = limits.take(known, 1'000);
    CHECK_FALSE(next.by_device);
    CHECK(next.retry_ms == 0);
}

TEST_CASE("what is refused, and what was right, takes nothing") {
    guess_limits limits;
    const auto tries = [&](const guess& attempt) {
        int admitted = 0;
        while (limits.take(attempt, 1'000).retry_ms == 0) ++admitted;
        return admitted;
    };
    for (int i = 0; i < 100; ++i) {
        const auto admitted = limits.take(from("a"), 1'000);
        REQUIRE(admitted.retry_ms == 0);
        limits.give_back(from("a"), admitted);
    }
    CHECK(tries(from("a")) == 10);
    for (int i = 0; i < 100; ++i) CHECK(limits.take(from("a"), 1'000).retry_ms == 60'000);
    int others = 0;
    for (int i = 0; i < 100; ++i)
        others += limits.take(from("a", "user" + std::to_string(i)), 1'000).retry_ms == 0;
    CHECK(others == 40);  // the address has 50 in all
}

TEST_CASE("an attacker cannot have its record forgotten by guessing at other names") {
    guess_limits limits;
    base::steady_ms now = 1'000;
    for (int i = 0; i < 10; ++i) CHECK(limits.take(from("a"), now).retry_ms == 0);
    for (std::size_t i = 0; i < 3 * auth::attempt_keys_max; ++i)
        limits.take(from("b" + std::to_string(i % 1'000), "user" + std::to_string(i)), now += 1);
    CHECK(limits.take(from("a"), now).retry_ms > 0);
}
