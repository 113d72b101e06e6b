// The network side of one shard: owns its connections, looks after them once a second, and knows
// what they share. One thread, the shard's, unless it is said otherwise.
#pragma once

#include "server/auth/accounts.hpp"
#include "server/http/api.hpp"
#include "server/http/forwarding.hpp"
#include "server/http/site.hpp"
#include "server/net/certificate.hpp"
#include "server/net/connection.hpp"
#include "server/net/connection_counters.hpp"
#include "server/net/flusher.hpp"
#include "server/net/tally.hpp"
#include "server/shard/shard.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace parley::net {

struct connection_settings {
    std::vector<std::string> origins;
    std::vector<config::network> proxies;  // believed about their clients, as this machine's are
    std::string base = "/";                // see http/base_path
    http::guest_policy guests = http::guest_policy::on;
    http::cookie_scope cookies{};
    std::size_t echo_bytes_max = 64 * 1024;
    std::size_t outbox_bytes_max = 512 * 1024;
    std::size_t unread_bytes_max = SIZE_MAX;  // unread, in all outboxes
    std::chrono::milliseconds spacing{20};
    chat::allowance bytes{};           // read from one connection
    chat::allowance control_frames{};  // of one connection
    std::atomic<std::size_t>* compressed_connections =
        nullptr;  // counts those who negotiated it; null: it is not offered
    const certificate* identity = nullptr;  // with one, connections are TLS

    // Read from one connection to /echo: as from others, but two of its longest messages at once
    // and one a second at least.
    chat::allowance echo_bytes() const {
        if (bytes.burst == 0 || bytes.interval_ns == 0) return {};
        const auto longest = chat::at_pace(2 * echo_bytes_max, echo_bytes_max);
        return {.burst = std::max(bytes.burst, longest.burst),
                .interval_ns = std::min(bytes.interval_ns, longest.interval_ns)};
    }
};

class connection_set {
public:
    connection_set(shard::shard& shard, const http::site& pages, auth::accounts& people,
                   connection_limits& limits, connection_settings settings);
    ~connection_set();  // REQUIRES: the shard's thread has ended
    connection_set(const connection_set&) = delete;
    connection_set& operator=(const connection_set&) = delete;

    // Any thread: a connection that was accepted, or the end of all of them. `refusal`: the HTTP
    // status that it is told, and nothing else; 0: it may stay.
    void take(boost::asio::ip::tcp::socket socket, net::tickets tickets, int refusal);
    void drain();

    // Any thread: connections that are open.
    std::size_t open() const { return open_.load(std::memory_order_relaxed); }
    const net::write_counters& write_counters() const { return writes_.counters(); }
    const unread_outboxes& unread() const { return writes_.unread(); }
    const connection_counters& counters() const { return counters_; }

    // For connections.
    void keep(std::shared_ptr<connection> one);
    void release(connection& one);
    shard::shard& shard() { return shard_; }
    const http::site& pages() const { return pages_; }
    http::api& api() { return api_; }
    auth::accounts& people() { return people_; }
    connection_limits& limits() { return limits_; }
    flusher& writes() { return writes_; }
    const connection_settings& settings() const { return settings_; }
    connection_counters& counters() { return counters_; }
    chat::deflater& compressor() { return compressor_; }
    chat::inflater& decompressor() { return decompressor_; }

    // Whether the log takes one more refused request: whoever asks for what is not there shall not
    // fill it.
    bool tells_one_more_refusal();

    // Likewise of a failed sign-in: other refusals do not hide it.
    bool tells_one_more_failure();

    // Likewise of what happens to accounts and rooms.
    bool tells_one_more_event();

    // A name for a request or a connection that no other has had, of this server or one before it.
    std::string next_id() { return id_prefix_ + '-' + std::to_string(++ids_); }

private:
    void tick();
    void begin_drain();
    void drop_all();

    shard::shard& shard_;
    const http::site& pages_;
    auth::accounts& people_;
    connection_limits& limits_;
    const connection_settings settings_;
    http::api api_;
    flusher writes_;
    chat::deflater compressor_{writes_.counters().deflated};
    chat::inflater decompressor_;
    boost::asio::steady_timer second_;
    boost::asio::steady_timer patience_;  // with connections that do not leave
    bool leaving_ = false;
    chat::pace told_refusals_;
    chat::pace told_failures_;
    chat::pace told_events_;
    connection_counters counters_;
    const std::string id_prefix_;
    std::uint64_t ids_ = 0;
    std::vector<std::shared_ptr<connection>> connections_;
    std::atomic<std::size_t> open_{0};
};

}  // namespace parley::net
