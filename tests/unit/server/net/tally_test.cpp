// Tickets are counted for each key, over all threads, and given back when they go.
#include "server/net/tally.hpp"

#include "tests/unit/catch.hpp"

#include <latch>
#include <thread>
#include <vector>

using parley::net::tally;

TEST_CASE("a key has as many tickets as it may, and one more when one has gone") {
    tally some(2);
    auto first = some.take("a"), second = some.take("a");
    REQUIRE((first && second));
    CHECK_FALSE(some.take("a").has_value());
    CHECK(some.take("b").has_value());
    first->reset();
    auto third = some.take("a");
    CHECK(third.has_value());
    CHECK_FALSE(some.take("a").has_value());
}

TEST_CASE("a ticket that is moved counts once, and one that replaces it gives it back") {
    tally some(1);
    tally::ticket ticket = *some.take("a");
    tally::ticket moved = std::move(ticket);
    CHECK_FALSE(some.take("a").has_value());
    moved = *some.take("b");
    CHECK(some.take("a").has_value());
}

TEST_CASE("0 is no limit, and then nothing is counted") {
    tally some(0);
    std::vector<tally::ticket> tickets;
    for (int i = 0; i < 100; ++i) tickets.push_back(*some.take("a"));
}

TEST_CASE("tickets come and go from several threads") {
    tally some(3);
    std::latch all_there(4);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&some, &all_there, i] {
            all_there.arrive_and_wait();
            for (int n = 0; n < 50'000; ++n) {
                const auto own = some.take(std::to_string(i)), shared = some.take("all");
            }
        });
    for (auto& one : threads) one.join();
    std::vector<tally::ticket> tickets;
    for (int n = 0; n < 3; ++n) {
        auto one = some.take("all");
        REQUIRE(one.has_value());
        tickets.push_back(std::move(*one));
    }
    CHECK_FALSE(some.take("all").has_value());
}

TEST_CASE("a ticket is one pointer") { CHECK(sizeof(tally::ticket) == sizeof(void*)); }
