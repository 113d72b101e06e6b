// The door between shards: order, batches, and an end after which nothing is touched.
#include "server/shard/mailboxes.hpp"

#include "tests/unit/catch.hpp"
#include "tests/unit/within.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using parley::shard::mailbox;

TEST_CASE("letters of several threads all arrive, each thread's in order") {
    boost::asio::io_context loop;
    mailbox door(loop);
    constexpr int threads = 4, letters = 2000;
    std::vector<std::vector<int>> got(threads);
    std::vector<std::thread> senders;
    for (int t = 0; t < threads; ++t)
        senders.emplace_back([&, t] {
            for (int i = 0; i < letters; ++i)
                door.post([&got, t, i] { got[static_cast<std::size_t>(t)].push_back(i); });
        });
    std::size_t turns = 0;
    auto work = boost::asio::make_work_guard(loop);
    parley::test::run_until(loop, "all letters", [&] {
        ++turns;
        return got[0].size() + got[1].size() + got[2].size() + got[3].size() == threads * letters;
    });
    for (auto& one : senders) one.join();
    for (const auto& one : got) {
        REQUIRE(one.size() == letters);
        CHECK(std::is_sorted(one.begin(), one.end()));
    }
    CHECK(turns <= threads * letters);
}

TEST_CASE("what waits is run in one turn of the loop") {
    boost::asio::io_context loop;
    mailbox door(loop);
    int run = 0;
    for (int i = 0; i < 100; ++i) door.post([&run] { ++run; });
    CHECK(loop.poll_one() == 1);
    CHECK(run == 100);
    CHECK(loop.poll() == 0);
}

TEST_CASE("a letter that posts is answered in a later turn, not in an endless one") {
    boost::asio::io_context loop;
    mailbox door(loop);
    int run = 0;
    std::function<void()> again = [&] {
        ++run;
        door.post(again);
    };
    door.post(again);
    for (int turn = 1; turn <= 5; ++turn) {
        loop.poll_one();
        CHECK(run == turn);
    }
}

TEST_CASE("a closed mailbox runs nothing and keeps nothing alive") {
    boost::asio::io_context loop;
    mailbox door(loop);
    const auto owned = std::make_shared<int>(1);
    bool ran = false;
    door.post([owned, &ran] { ran = true; });
    door.close();
    door.post([owned, &ran] { ran = true; });
    CHECK(owned.use_count() == 1);
    loop.poll();
    CHECK_FALSE(ran);
}

TEST_CASE(
    "offers beyond the bound are refused, the shard learns of it after the batch, and letters "
    "still pass") {
    boost::asio::io_context loop;
    constexpr std::size_t bound = 3;
    mailbox door(loop, bound);
    std::string run;
    door.when_refused([&run] { run += '!'; });
    for (std::size_t i = 0; i < bound; ++i) CHECK(door.offer([&run] { run += 'o'; }));
    CHECK_FALSE(door.offer([&run] { run += 'x'; }));
    door.post([&run] { run += 'p'; });
    CHECK_FALSE(door.offer([&run] { run += 'x'; }));
    CHECK(loop.poll() == 1);
    CHECK(run == "ooop!");
    loop.restart();
    CHECK(door.offer([&run] { run += 'o'; }));
    loop.restart();
    loop.poll();
    CHECK(run == "ooop!o");
}

TEST_CASE("what may pass unnoticed gives way to what may not, and its loss is reported to nobody") {
    boost::asio::io_context loop;
    mailbox door(loop, 4);
    std::string run;
    door.when_refused([&run] { run += '!'; });
    for (int i = 0; i < 2; ++i) CHECK(door.offer_passing([&run] { run += 't'; }));
    CHECK_FALSE(door.offer_passing([&run] { run += 'x'; }));
    for (int i = 0; i < 2; ++i) CHECK(door.offer([&run] { run += 'e'; }));
    loop.poll();
    CHECK(run == "ttee");
}

TEST_CASE("only offers count towards the bound") {
    boost::asio::io_context loop;
    mailbox door(loop, 1);
    int run = 0;
    for (int i = 0; i < 5; ++i) door.post([&run] { ++run; });
    CHECK(door.offer([&run] { ++run; }));
    CHECK_FALSE(door.offer([&run] { ++run; }));
    loop.poll();
    CHECK(run == 6);
}

TEST_CASE(
    "while a batch is open, letters wait without waking the loop; then they run in one batch") {
    boost::asio::io_context loop;
    mailbox door(loop);
    int run = 0;
    const auto poll = [&loop] {
        loop.restart();
        return loop.poll();
    };
    door.begin_batch();
    door.begin_batch();
    door.post([&run] { ++run; });
    CHECK(door.offer([&run] { ++run; }));
    CHECK(poll() == 0);
    door.end_batch();
    CHECK(poll() == 0);
    door.end_batch();
    CHECK(poll() == 1);
    CHECK(run == 2);
}

TEST_CASE("a loop that was woken before runs no part of an open batch") {
    boost::asio::io_context loop;
    mailbox door(loop);
    std::string run;
    door.post([&run] { run += 'a'; });
    door.begin_batch();
    door.post([&run] { run += 'b'; });
    loop.poll();
    CHECK(run.empty());
    door.post([&run] { run += 'c'; });
    door.end_batch();
    loop.restart();
    CHECK(loop.poll() == 1);
    CHECK(run == "abc");
}

TEST_CASE("the end of an empty batch wakes nobody") {
    boost::asio::io_context loop;
    mailbox door(loop);
    door.begin_batch();
    door.end_batch();
    CHECK(loop.poll() == 0);
}

TEST_CASE(
    "with batches of several threads every letter arrives, and a closed mailbox wakes nothing") {
    boost::asio::io_context loop;
    mailbox door(loop);
    constexpr std::size_t threads = 4, letters = 2000;
    std::atomic<std::size_t> run{0};
    std::vector<std::thread> senders;
    for (std::size_t t = 0; t < threads; ++t)
        senders.emplace_back([&] {
            for (std::size_t i = 0; i < letters; ++i) {
                door.begin_batch();
                door.post([&run] { ++run; });
                door.end_batch();
            }
        });
    auto work = boost::asio::make_work_guard(loop);
    parley::test::run_until(loop, "all letters", [&] { return run == threads * letters; });
    for (auto& one : senders) one.join();
    work.reset();
    door.close();
    door.begin_batch();
    door.post([&run] { ++run; });
    door.end_batch();
    loop.restart();
    loop.poll();
    CHECK(run == threads * letters);
}

TEST_CASE("during a batch no shard wakes, and after it each wakes once") {
    boost::asio::io_context loop;
    const auto first = std::make_shared<mailbox>(loop), second = std::make_shared<mailbox>(loop);
    parley::shard::mailboxes all;
    all.add(first);
    all.add(second);
    int ran = 0;
    {
        const parley::chat::delivery_batch batch(all);
        for (int i = 0; i < 3; ++i) {
            first->post([&] { ++ran; });
            second->post([&] { ++ran; });
        }
        CHECK(loop.poll() == 0);
        loop.restart();
    }
    CHECK(loop.poll() == 2);
    CHECK(ran == 6);
}
