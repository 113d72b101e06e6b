// The whole server: owns its parts in the order in which they need each other, and runs them.
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
    explicit server(const config::config& how);
    ~server();

    // Where it can be opened.
    std::string url() const;
    std::uint16_t port() const { return listener_.port(); }

    // Until SIGTERM or SIGINT (unless they were ignored at the start), then until everyone has been
    // told and all that was accepted is on disk.
    void run();

private:
    void make_shards(const config::config& how);
    http::state_of_server state();
    void wait_for_signal();
    void wait_for_renewal();
    void stop();
    void shard_ended();

    const config::listen_address where_;
    boost::asio::io_context loop_{1};
    boost::asio::signal_set signals_{loop_};
    boost::asio::signal_set renewals_{loop_};
    boost::asio::steady_timer patience_{loop_};
    std::size_t running_ = 0;  // shards
    std::atomic<bool> stops_{false};
    net::connection_limits limits_;
    net::listener
        listener_;  // first of all: a port that is in use is found out before anything is touched
    std::optional<net::certificate> certificate_;
    bus::local_bus bus_;
    std::atomic<std::size_t> compressed_connections_{0};  // connections
    shard::mailboxes mailboxes_;
    chat::announcer announcer_{bus_, mailboxes_, &compressed_connections_};
    storage::sqlite_ledger ledger_;
    auth::accounts accounts_;
    http::site site_;
    std::vector<std::unique_ptr<shard::shard>> shards_;
    std::vector<std::unique_ptr<net::connection_set>> connection_sets_;
};

}  // namespace parley
