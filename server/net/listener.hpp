// Accepts connections and hands them to the shards in turn. One thread: the main one.
#pragma once

#include "server/config/listen_address.hpp"
#include "server/net/connection_set.hpp"
#include "server/net/tally.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace parley::net {

class listener {
public:
    // std::runtime_error, in one line, when the address cannot be listened on. `socket`: one that
    // listens there already; the listener owns it from here on.
    listener(boost::asio::io_context& loop, const config::listen_address& address,
             std::optional<int> socket, connection_limits& limits);

    // Connections that came since then waited in the kernel. REQUIRES: at least one set.
    void start(std::vector<connection_set*> connection_sets);
    void stop();
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    void bind(const config::listen_address& address, boost::system::error_code& error);
    void accept();
    void accepted(boost::system::error_code error, boost::asio::ip::tcp::socket socket);
    void hand_over(boost::asio::ip::tcp::socket socket);
    void turn_away(boost::asio::ip::tcp::socket socket, int status);
    void pause(boost::system::error_code why);

    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer pause_;
    boost::asio::ip::tcp::endpoint remote_;  // of the connection that comes next
    connection_limits& limits_;
    std::vector<connection_set*> connection_sets_;
    std::size_t next_ = 0;
    bool short_of_descriptors_ = false;  // logged once, until it is over
    base::token_bucket complaints_;      // about connections that are turned away
};

}  // namespace parley::net
