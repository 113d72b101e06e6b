// Without free descriptors it waits before it tries again: the connection stays in the kernel's
// queue.
#include "server/net/listener.hpp"

#include "server/base/address.hpp"
#include "server/base/clock.hpp"
#include "server/log/log.hpp"
#include "server/net/http_session.hpp"
#include "server/net/network.hpp"
#include "shared/ensure.hpp"

#include <stdexcept>

namespace parley::net {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

constexpr auto pause_when_short = std::chrono::milliseconds(100);
constexpr int waiting_in_kernel_max = 4096;
constexpr auto a_complaint_a_minute = base::allowance::one_each(1, 60'000);

[[noreturn]] void cannot_listen(const config::listen_address& address, error_code why) {
    const std::string port = std::to_string(address.port);
    if (why == asio::error::address_in_use)
        throw std::runtime_error("port " + port +
                                 " is in use: stop the other server or choose --listen");
    throw std::runtime_error("cannot listen on " + address.host + " port " + port + ": " +
                             why.message());
}

tcp::endpoint endpoint_of(const config::listen_address& address) {
    return {asio::ip::make_address(address.host), address.port};
}

// On the thread of the set's shard. `refusal`: see http_session::begin.
void begin_session(connection_set& connections, tcp::socket socket, net::tickets tickets,
                   int refusal) {
    struct accepted {
        tcp::socket socket;
        net::tickets tickets;
    };
    auto handed = std::make_shared<accepted>(accepted{std::move(socket), std::move(tickets)});
    connections.post_accepted([&connections, handed, refusal] {
        http_session::begin(std::move(handed->socket), std::move(handed->tickets), refusal,
                            connections);
    });
}

}  // namespace

listener::listener(asio::io_context& loop, const config::listen_address& address,
                   std::optional<int> socket, connection_limits& limits)
    : acceptor_(loop), pause_(loop), limits_(limits) {
    error_code error;
    if (socket)
        acceptor_.assign(endpoint_of(address).protocol(), *socket, error);
    else
        bind(address, error);
    if (!error) acceptor_.listen(waiting_in_kernel_max, error);
    if (error) cannot_listen(address, error);
}

void listener::bind(const config::listen_address& address, error_code& error) {
    const auto endpoint = endpoint_of(address);
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
}

void listener::start(std::vector<connection_set*> connection_sets) {
    ensure(!connection_sets.empty());
    connection_sets_ = std::move(connection_sets);
    accept();
}

void listener::stop() {
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
}

void listener::accept() {
    if (!acceptor_.is_open()) return;
    acceptor_.async_accept(
        connection_sets_[next_]->shard().loop(), remote_,
        [this](error_code error, tcp::socket socket) { accepted(error, std::move(socket)); });
}

void listener::accepted(error_code error, tcp::socket socket) {
    if (!acceptor_.is_open()) return;
    const bool is_short = error == asio::error::no_descriptors ||
                          error == asio::error::no_buffer_space ||
                          error == asio::error::no_memory ||
                          error == boost::system::errc::too_many_files_open_in_system;
    if (is_short) return pause(error);
    short_of_descriptors_ = false;
    if (!error) hand_over(std::move(socket));
    accept();
}

void listener::hand_over(tcp::socket socket) {
    auto among_all = limits_.all.take({});
    if (!among_all) return turn_away(std::move(socket), 503);
    const std::string address = network_of(remote_.address().to_string());
    auto of_address =
        base::is_loopback(address) ? tally::ticket() : limits_.by_address.take(address);
    if (!of_address) return turn_away(std::move(socket), 429);
    begin_session(*connection_sets_[next_], std::move(socket),
                  {.among_all = std::move(*among_all), .of_address = std::move(*of_address)}, 0);
    next_ = (next_ + 1) % connection_sets_.size();
}

void listener::turn_away(tcp::socket socket, int status) {
    if (complaints_.take(a_complaint_a_minute, base::steady_clock_ms()) == 0)
        log::warn(
            "a connection is turned away, and maybe others",
            {{"remote", remote_.address().to_string()},
             {"limit", status == 503 ? "--max-connections" : "--max-connections-per-address"}});
    connection_set& connections = *connection_sets_[next_];
    if (connections.settings().identity) return;  // plain text before the handshake means nothing
    auto ticket = limits_.turned_away.take({});
    if (ticket)
        begin_session(connections, std::move(socket), {.among_all = std::move(*ticket)}, status);
}

void listener::pause(error_code why) {
    if (!short_of_descriptors_)
        log::warn("cannot accept connections for now", {{"why", why.message()}});
    short_of_descriptors_ = true;
    pause_.expires_after(pause_when_short);
    pause_.async_wait([this](error_code) { accept(); });
}

}  // namespace parley::net
