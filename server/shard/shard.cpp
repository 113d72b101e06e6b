// The thread runs the loop; once a second the hub tells what changes often.
#include "server/shard/shard.hpp"

#include <pthread.h>

#include <chrono>
#include <string>

namespace parley::shard {

chat::steady_ms steady_clock_ms() {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<chat::steady_ms>(
        std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

shard::shard(std::size_t index, chat::ledger& log, chat::bus& others, chat::settings how)
    : index_(index), log_(loop_, log, door_), hub_(log_, others, std::move(how), index) {
    door_->when_refused([this] { hub_.hints_lost(); });
}

shard::~shard() {
    halt();
    join();
    door_->close();
}

void shard::start(std::function<void()> ended) {
    tick();
    measure_lag();
    thread_ = std::thread([this, ended = std::move(ended)] {
        loop_.run();
        ended();
    });
    pthread_setname_np(thread_.native_handle(), ("shard " + std::to_string(index_)).c_str());
}

void shard::finish() {
    door_->post([this] {
        second_.cancel();
        lag_timer_.cancel();
        work_.reset();
    });
}

void shard::halt() { loop_.stop(); }

void shard::join() {
    if (thread_.joinable()) thread_.join();
}

void shard::tick() {
    second_.expires_after(std::chrono::milliseconds(protocol::limits::head_interval_ms));
    second_.async_wait([this](boost::system::error_code error) {
        if (error || !work_.owns_work()) return;  // one that is due already cannot be cancelled
        hub_.tick(steady_clock_ms());
        rooms_.store(hub_.rooms(), std::memory_order_relaxed);
        tick();
    });
}

void shard::measure_lag() {
    lag_timer_.expires_after(lag_interval);
    lag_timer_.async_wait([this](boost::system::error_code error) {
        if (error || !work_.owns_work()) return;
        const auto late = std::chrono::steady_clock::now() - lag_timer_.expiry();
        lag_.add(static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(late).count()));
        measure_lag();
    });
}

}  // namespace parley::shard
