// The bytes of one connection, plain or over TLS, with the same calls: sessions read from it, and
// outboxes write to it. A plain channel calls the socket directly. Over TLS, OpenSSL reads and
// writes the socket itself and never waits; Asio only reports when it is ready again. So an idle
// connection has no buffers (OpenSSL gives its own back), and a write of the outbox is one system
// call here too. asio::ssl::stream cannot do that: a write that the socket refuses would leave it
// with a record that is sent in part.
//
// clang-format off
// Invariants:
//  1. After `send` was refused, the same bytes are offered first the next time, perhaps with more
//     behind them: OpenSSL has encrypted them already, and will report that they are sent. A queue
//     that grows at its end and loses only what was taken keeps this by itself. An asynchronous
//     write that is cancelled while it waits cannot keep it: it ends the channel.
//  2. After shutdown_send() or close(), nothing is encrypted or decrypted any more: what comes then
//     is passed over, and OpenSSL never uses a descriptor that may be somebody else's by then.
//  3. Before a wait for the socket, what OpenSSL has read already is read: the socket would not
//     become readable again.
// clang-format on
//
// One thread: the shard's. One read and one write at a time; the caller of either keeps the channel
// alive and does not move it.
#pragma once

#include "server/net/certificate.hpp"
#include "shared/ensure.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>

#include <sys/uio.h>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <utility>

namespace parley::net {

using tcp = boost::asio::ip::tcp;
using boost::system::error_code;

class channel {
public:
    // The bytes that must be offered again are at most one record (RFC 8446, section 5.1).
    static constexpr std::size_t refused_bytes_max = 16'384;

    // Plain without a certificate.
    channel(tcp::socket socket, const certificate* identity = nullptr);

    bool is_secure() const { return tls_ != nullptr; }

    // Before anything else over TLS. `wrong_protocol_type`: the peer sends HTTP without TLS. Then
    // the channel is plain from here on, so that an answer can say so, and the request is lost.
    // REQUIRES: is_secure().
    void shake_hands(std::function<void(error_code)> done) {
        ensure(is_secure());
        shake_hands(tcp::socket::wait_read, std::move(done));
    }

    // Returns how much the kernel takes at once. `would_block`: nothing; wait until it is writable.
    std::size_t send(std::span<const iovec> pieces, error_code& error) {
        return tls_ ? encrypt(pieces, error) : send_plain(pieces, error);
    }

    // Tells the peer that nothing more will be sent, over TLS too, as far as the kernel takes it.
    // What still comes is passed over.
    void shutdown_send();
    void close();
    void cancel();

    // Completes when the kernel takes bytes again.
    template <class Handler>
    void when_writable(Handler&& handler) {
        socket_.async_wait(tcp::socket::wait_write, std::forward<Handler>(handler));
    }

    // ---- AsyncStream, for Asio and Beast
    using executor_type = tcp::socket::executor_type;
    executor_type get_executor() { return socket_.get_executor(); }

    tcp::socket& socket() { return socket_; }
    const tcp::socket& socket() const { return socket_; }

    template <class Buffers, class Handler>
    auto async_read_some(const Buffers& into, Handler&& handler) {
        return boost::asio::async_initiate<Handler, void(error_code, std::size_t)>(
            [this](auto&& done, const Buffers& to) {
                using done_type = std::decay_t<decltype(done)>;
                if (!tls_) return socket_.async_read_some(to, std::forward<decltype(done)>(done));
                reading<done_type> begun{*this, first_of(to), std::forward<decltype(done)>(done)};
                if (!has_buffered() && begun.into.size() > 0)
                    return wait(tcp::socket::wait_read, std::move(begun));
                boost::asio::post(get_executor(),
                                  boost::beast::bind_front_handler(std::move(begun), error_code{}));
            },
            handler, into);
    }

    template <class Buffers, class Handler>
    auto async_write_some(const Buffers& from, Handler&& handler) {
        return boost::asio::async_initiate<Handler, void(error_code, std::size_t)>(
            [this](auto&& done, const Buffers& bytes) {
                using done_type = std::decay_t<decltype(done)>;
                if (!tls_)
                    return socket_.async_write_some(bytes, std::forward<decltype(done)>(done));
                writing<done_type, Buffers> begun{*this, bytes, std::forward<decltype(done)>(done)};
                boost::asio::post(get_executor(),
                                  boost::beast::bind_front_handler(std::move(begun), error_code{}));
            },
            handler, from);
    }

private:
    static constexpr std::size_t pieces_max = 16;

    template <class Done>
    struct reading {
        void operator()(error_code error) {
            const std::size_t size = error ? 0 : at.decrypt(into, error);
            if (error == boost::asio::error::would_block)
                return at.wait(at.direction(), std::move(*this));
            std::move(done)(error, size);
        }
        channel& at;
        boost::asio::mutable_buffer into;
        Done done;
    };

    template <class Done, class Buffers>
    struct writing {
        void operator()(error_code error) {
            if (error) at.close();  // invariant 1
            const std::size_t size = error ? 0 : at.send_all_of(from, error);
            if (error == boost::asio::error::would_block)
                return at.wait(tcp::socket::wait_write, std::move(*this));
            std::move(done)(error, size);
        }
        channel& at;
        Buffers from;
        Done done;
    };

    template <class Operation>
    void wait(tcp::socket::wait_type until, Operation operation) {
        const auto executor = boost::asio::get_associated_executor(operation.done, get_executor());
        socket_.async_wait(until, boost::asio::bind_executor(executor, std::move(operation)));
    }

    template <class Buffers>
    static boost::asio::mutable_buffer first_of(const Buffers& all) {
        const auto end = boost::asio::buffer_sequence_end(all);
        for (auto at = boost::asio::buffer_sequence_begin(all); at != end; ++at)
            if (const boost::asio::mutable_buffer buffer(*at); buffer.size() > 0) return buffer;
        return {};
    }

    template <class Buffers>
    std::size_t send_all_of(const Buffers& all, error_code& error) {
        std::array<iovec, pieces_max> pieces;
        std::size_t count = 0;
        const auto end = boost::asio::buffer_sequence_end(all);
        for (auto at = boost::asio::buffer_sequence_begin(all); at != end && count < pieces.size();
             ++at) {
            const boost::asio::const_buffer buffer(*at);
            if (buffer.size() > 0)
                pieces[count++] = {const_cast<void*>(buffer.data()), buffer.size()};
        }
        return send({pieces.data(), count}, error);
    }

    void shake_hands(tcp::socket::wait_type until, std::function<void(error_code)> done);
    error_code step_of_handshake();
    std::size_t send_plain(std::span<const iovec> pieces, error_code& error);
    std::size_t encrypt(std::span<const iovec> pieces, error_code& error);
    std::size_t decrypt(boost::asio::mutable_buffer into, error_code& error);
    bool has_buffered() const;
    tcp::socket::wait_type direction() const;
    error_code failure(int result) const;

    tls_state tls_;  // null: plain, or no longer secure; every write looks at it
    tcp::socket socket_;
};

}  // namespace parley::net
