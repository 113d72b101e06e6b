// The connections of one shard: owns them, ticks them once a second, and holds what they share. One
// thread, the shard's, unless a comment says otherwise.
#pragma once

#include "server/auth/accounts.hpp"
#include "server/http/api.hpp"
#include "server/http/forwarding.hpp"
#include "server/http/site.hpp"
#include "server/net/certificate.hpp"
#include "server/net/connection.hpp"
#include "server/net/connection_counters.hpp"
#include "server/net/pump.hpp"
#include "server/net/tally.hpp"
#include "server/shard/shard.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace parley::net {

struct connection_settings {
    std::vector<std::string> origins;
    std::vector<base::network> proxies;  // believed about their clients, as this machine's are
    std::string base_path = "/";         // see http/base_path
    http::guest_policy guests = http::guest_policy::on;
    http::cookie_scope cookies{};
    std::size_t echo_bytes_max = 64 * 1024;
    std::size_t outbox_bytes_max = 512 * 1024;
    std::size_t unread_bytes_max = SIZE_MAX;  // see pump_settings
    std::chrono::milliseconds spacing{20};    // see net/write_schedule
    base::allowance bytes{};                  // read from one connection
    base::allowance control_frames{};         // of one connection
    // Counts connections that negotiated compression; null: it is not offered.
    std::atomic<std::size_t>* compressed_connections = nullptr;
    const certificate* identity = nullptr;  // with one, connections are TLS

    // Read from one connection to /echo: as from others, but at least two of its longest messages
    // at once and one a second.
    base::allowance echo_bytes() const {
        if (bytes.burst == 0 || bytes.interval_ns == 0) return {};
        const auto longest = base::allowance::per_second(2 * echo_bytes_max, echo_bytes_max);
        return {.burst = std::max(bytes.burst, longest.burst),
                .interval_ns = std::min(bytes.interval_ns, longest.interval_ns)};
    }
};

class connection_set {
public:
    connection_set(shard::shard& shard, const http::site& pages, auth::accounts& accounts,
                   connection_limits& limits, connection_settings settings);
    ~connection_set();  // REQUIRES: the shard's thread has ended
    connection_set(const connection_set&) = delete;
    connection_set& operator=(const connection_set&) = delete;

    // Any thread: a connection was accepted. `begin` makes a session of it on the shard's thread,
    // unless all are leaving by then. It counts as open meanwhile.
    void post_accepted(std::function<void()> begin);

    // Any thread: ends all connections, then the shard.
    void drain();

    // Any thread.
    const connection_counters& counters() const { return counters_; }
    const net::write_counters& write_counters() const { return pump_.counters(); }
    const unread_outboxes& unread() const { return pump_.unread(); }

    // For connections.
    void keep(std::shared_ptr<connection> newcomer);
    void release(connection& leaver);
    shard::shard& shard() { return shard_; }
    const http::site& pages() const { return pages_; }
    http::api& api() { return api_; }
    auth::accounts& accounts() { return accounts_; }
    connection_limits& limits() { return limits_; }
    net::pump& pump() { return pump_; }
    const connection_settings& settings() const { return settings_; }
    connection_counters& counters() { return counters_; }
    wire::deflater& compressor() { return compressor_; }
    wire::inflater& decompressor() { return decompressor_; }

    // Whether one more line may be logged: of refused requests, of failed sign-ins, of what happens
    // to accounts and rooms. Each has an allowance of its own, so that strangers can neither fill
    // the log nor hide one kind behind another.
    bool may_log_refusal();
    bool may_log_failure();
    bool may_log_event();

    // An id for a request or a connection that no other has had, of this server or one before it.
    std::string next_id() { return id_prefix_ + '-' + std::to_string(++ids_); }

private:
    void tick();
    void begin_drain();
    void drop_all();

    shard::shard& shard_;
    const http::site& pages_;
    auth::accounts& accounts_;
    connection_limits& limits_;
    const connection_settings settings_;
    http::api api_;
    net::pump pump_;
    wire::deflater compressor_{pump_.counters().deflated};
    wire::inflater decompressor_;
    boost::asio::steady_timer second_;
    boost::asio::steady_timer drain_timer_;
    bool leaving_ = false;
    base::token_bucket logged_refusals_;
    base::token_bucket logged_failures_;
    base::token_bucket logged_events_;
    connection_counters counters_;
    const std::string id_prefix_;
    std::uint64_t ids_ = 0;
    std::vector<std::shared_ptr<connection>> connections_;
};

}  // namespace parley::net
