// The bytes of one connection, plain or over TLS, by the same calls: what a session reads from and
// an outbox writes to. Plain, every call goes straight to the socket. Over TLS, OpenSSL reads and
// writes the socket itself, without waiting, and Asio only says when it is ready again: so nothing
// is buffered for a connection that rests (OpenSSL gives its own buffers back), and a write of the
// outbox is one system call here too. asio::ssl::stream cannot do that: a write that the socket
// refuses would leave it with a record that is sent in part.
//
// Invariants:
//  1. Who was refused by `send` offers the same bytes again, first, perhaps with more behind them:
//  OpenSSL has them
//     encrypted already, and will say that they are sent. A queue that only grows at its end and
//     loses only what was taken keeps this by itself. An asynchronous write that is cancelled while
//     it waits cannot: it ends the channel.
//  2. After shutdown_send() or close(), nothing is encrypted or decrypted any more: what still
//  comes is passed over,
//     and OpenSSL never sees a descriptor that may be somebody else's by then.
//  3. Before the socket is waited for, what OpenSSL has read already is read: it would not become
//  readable again.
//
// One thread: the shard's. One read and one write at a time; who starts one keeps the channel alive
// and in its place.
#pragma once

#include "server/net/certificate.hpp"

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
    // What is offered again is the same for so many bytes at most: a record (RFC 8446,
    // section 5.1).
    static constexpr std::size_t refused_bytes_max = 16'384;

    // Plain, unless there is a certificate.
    channel(tcp::socket socket, const certificate* identity = nullptr);

    bool is_secure() const { return tls_ != nullptr; }

    // What comes before anything else over TLS. `wrong_protocol_type`: the peer speaks HTTP without
    // TLS; the channel is plain from here on, so that it can be told, and what it asked is lost.
    // REQUIRES: is_secure().
    void shake_hands(std::function<void(error_code)> done) {
        shake_hands(tcp::socket::wait_read, std::move(done));
    }

    // What the kernel takes at once; `would_block` when that is nothing: wait until it is writable.
    std::size_t send(std::span<const iovec> pieces, error_code& error) {
        return tls_ ? encrypt(pieces, error) : send_plain(pieces, error);
    }

    // Says that nothing more will be sent, over TLS too, as far as the kernel takes it. What comes
    // is passed over.
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
        for (auto one = boost::asio::buffer_sequence_begin(all); one != end; ++one)
            if (const boost::asio::mutable_buffer found(*one); found.size() > 0) return found;
        return {};
    }

    template <class Buffers>
    std::size_t send_all_of(const Buffers& all, error_code& error) {
        std::array<iovec, pieces_max> pieces;
        std::size_t count = 0;
        const auto end = boost::asio::buffer_sequence_end(all);
        for (auto one = boost::asio::buffer_sequence_begin(all);
             one != end && count < pieces.size(); ++one) {
            const boost::asio::const_buffer found(*one);
            if (found.size() > 0) pieces[count++] = {const_cast<void*>(found.data()), found.size()};
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

    tcp::socket socket_;
    tls_state tls_;  // null: plain, or no more
};

}  // namespace parley::net
