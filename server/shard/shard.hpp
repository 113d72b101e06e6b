// One core's share of the server: a thread, its loop, its rooms and connections. Only the mailbox
// has locks.
#pragma once

#include "server/base/counter.hpp"
#include "server/chat/hub.hpp"
#include "server/shard/mailbox.hpp"
#include "server/shard/shard_ledger.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

namespace parley::shard {

// How late a timer of this shard runs, in microseconds. Everything else that is ready waits as
// long.
using lag_histogram = base::histogram<10>;
inline constexpr std::array<std::uint64_t, 10> lag_bounds_us{
    1'000, 2'000, 5'000, 10'000, 20'000, 50'000, 100'000, 200'000, 500'000, 1'000'000};
inline constexpr auto lag_interval = std::chrono::milliseconds(100);

class shard {
public:
    shard(std::size_t index, chat::ledger& ledger, chat::bus& bus, chat::settings settings);
    ~shard();
    shard(const shard&) = delete;
    shard& operator=(const shard&) = delete;

    // The thread calls `ended` last.
    void start(std::function<void()> ended);

    // Any thread: the loop ends once nothing is left to wait for; `halt` ends it at once.
    void finish();
    void halt();

    // From start() to join().
    bool is_running() const { return thread_.joinable(); }
    void join();

    std::size_t index() const { return index_; }
    const std::shared_ptr<mailbox>& door() const { return door_; }
    boost::asio::io_context& loop() { return loop_; }
    shard_ledger& ledger() { return ledger_; }
    chat::hub& hub() { return hub_; }  // on the shard's thread only
    const chat::hub& hub() const { return hub_; }

    // Rooms as of the last second. Any thread.
    std::uint64_t rooms() const { return rooms_.load(std::memory_order_relaxed); }
    const lag_histogram& lag() const { return lag_; }

private:
    void tick();
    void measure_lag();

    const std::size_t index_;
    boost::asio::io_context loop_{1};
    std::shared_ptr<mailbox> door_ = std::make_shared<mailbox>(loop_);
    shard_ledger ledger_;
    chat::hub hub_;
    boost::asio::steady_timer second_{loop_};
    boost::asio::steady_timer lag_timer_{loop_};
    lag_histogram lag_{lag_bounds_us};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        loop_.get_executor()};
    std::atomic<std::uint64_t> rooms_{0};
    std::thread thread_;
};

}  // namespace parley::shard
