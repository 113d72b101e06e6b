// The thread runs the loop. Once a second the hub sends what changes often.
#include "server/shard/shard.hpp"

#include "server/base/clock.hpp"

#include <pthread.h>

#include <chrono>
#include <string>

namespace parley::shard {

shard::shard(std::size_t index, chat::ledger& ledger, chat::bus& bus, chat::settings settings)
    : index_(index), ledger_(loop_, ledger, door_), hub_(ledger_, bus, std::move(settings), index) {
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
        if (error || !work_.owns_work()) return;  // a timer that is due already cannot be cancelled
        hub_.tick(base::steady_clock_ms());
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
