// The whole server: owns its parts, in the order in which they need each other, and runs them.
#pragma once

#include "server/auth/accounts.hpp"
#include "server/bus/local_bus.hpp"
#include "server/chat/announcer.hpp"
#include "server/config/config.hpp"
#include "server/http/site.hpp"
#include "server/net/certificate.hpp"
#include "server/net/connection_set.hpp"
#include "server/net/listener.hpp"
#include "server/net/tally.hpp"
#include "server/shard/mailboxes.hpp"
#include "server/shard/shard.hpp"
#include "server/storage/sqlite_ledger.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace parley {

class server {
public:
    // std::runtime_error, in one line, when it cannot start.
    explicit server(const config::config& settings);
    ~server();

    // The address for a browser.
    std::string url() const;
    std::uint16_t port() const { return listener_.port(); }

    // Returns after SIGTERM or SIGINT (unless they were ignored at the start), once every
    // connection is closed and everything accepted is on disk.
    void run();

private:
    void build_shards(const config::config& settings);
    http::state_of_server state();
    void wait_for_signal();
    void wait_for_renewal();
    void stop();
    void shard_ended();

    const config::listen_address address_;
    boost::asio::io_context loop_{1};
    boost::asio::signal_set signals_{loop_};
    boost::asio::signal_set renewals_{loop_};
    boost::asio::steady_timer patience_{loop_};
    std::size_t running_shards_ = 0;
    std::atomic<bool> stops_{false};
    net::connection_limits limits_;
    net::listener listener_;  // first: nothing is touched if the port is in use
    std::optional<net::certificate> certificate_;
    bus::local_bus bus_;
    std::atomic<std::size_t> compressed_connections_{0};
    shard::mailboxes mailboxes_;
    chat::announcer announcer_{bus_, mailboxes_, &compressed_connections_};
    storage::sqlite_ledger ledger_;
    auth::accounts accounts_;
    http::site site_;
    std::vector<std::unique_ptr<shard::shard>> shards_;
    std::vector<std::unique_ptr<net::connection_set>> connection_sets_;
};

}  // namespace parley
