// OpenSSL has a list of errors for each thread. It is cleared before every call.
#include "server/net/channel.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <boost/asio/ssl/error.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace parley::net {
namespace {

namespace errc = boost::system::errc;

// All that one record of TLS carries (RFC 8446, section 5.1).
constexpr std::size_t record_bytes_max = SSL3_RT_MAX_PLAIN_LENGTH;
static_assert(channel::refused_bytes_max == record_bytes_max);

void forget_errors() {
    ERR_clear_error();
    errno = 0;
}

// The first bytes of the pieces, at most one record: in place, or copied into `copy` when there are
// several.
std::span<const char> first_record(std::span<const iovec> pieces,
                                   std::span<char, record_bytes_max> copy) {
    if (pieces.empty()) return {};
    const iovec& first = pieces.front();
    if (pieces.size() == 1 || first.iov_len >= copy.size())
        return {static_cast<const char*>(first.iov_base), std::min(first.iov_len, copy.size())};
    std::size_t size = 0;
    for (const iovec& piece : pieces) {
        const std::size_t fits = std::min(piece.iov_len, copy.size() - size);
        std::memcpy(copy.data() + size, piece.iov_base, fits);
        size += fits;
    }
    return copy.first(size);
}

}  // namespace

channel::channel(tcp::socket socket, const certificate* identity) : socket_(std::move(socket)) {
    if (!identity) return;
    error_code error;
    socket_.non_blocking(true, error);
    if (!error) tls_ = identity->open(socket_.native_handle());
    if (!tls_) socket_.close(error);  // never plain instead
}

void channel::shake_hands(tcp::socket::wait_type until, std::function<void(error_code)> done) {
    socket_.async_wait(until, [this, done = std::move(done)](error_code error) mutable {
        if (!error) error = step_of_handshake();
        if (error == boost::asio::error::would_block)
            return shake_hands(direction(), std::move(done));
        done(error);
    });
}

error_code channel::step_of_handshake() {
    if (!tls_) return boost::asio::error::operation_aborted;
    forget_errors();
    const int result = SSL_do_handshake(tls_.get());
    if (result == 1) return {};
    const error_code error = failure(result);
    if (error.category() != boost::asio::error::get_ssl_category()) return error;
    if (ERR_GET_REASON(ERR_peek_error()) != SSL_R_HTTP_REQUEST) return error;
    tls_.reset();
    return make_error_code(errc::wrong_protocol_type);
}

std::size_t channel::send_plain(std::span<const iovec> pieces, error_code& error) {
    constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    msghdr message{};
    message.msg_iov = const_cast<iovec*>(pieces.data());
    message.msg_iovlen = pieces.size();
    ssize_t taken = 0;
    do
        taken = pieces.size() == 1  // the usual case, and for the kernel the simpler one
                    ? ::send(socket_.native_handle(), pieces[0].iov_base, pieces[0].iov_len, flags)
                    : ::sendmsg(socket_.native_handle(), &message, flags);
    while (taken < 0 && errno == EINTR);
    if (taken >= 0) return static_cast<std::size_t>(taken);
    error.assign(errno, boost::system::system_category());
    return 0;
}

// OpenSSL also wants at least as many bytes the next time. Invariant 1 gives it that, because the
// queue only grows at its end.
std::size_t channel::encrypt(std::span<const iovec> pieces, error_code& error) {
    std::array<char, record_bytes_max> copy;
    const auto bytes = first_record(pieces, copy);
    if (bytes.empty()) return 0;
    std::size_t taken = 0;
    forget_errors();
    const int result = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &taken);
    if (result == 1) return taken;
    error = failure(result);
    // A write never waits for the peer: renegotiation is off, and writers wait for writability.
    if (error == boost::asio::error::would_block && !SSL_want_write(tls_.get()))
        error = make_error_code(errc::protocol_error);
    return 0;
}

std::size_t channel::decrypt(boost::asio::mutable_buffer into, error_code& error) {
    if (!tls_) error = boost::asio::error::operation_aborted;
    if (!tls_ || into.size() == 0) return 0;
    std::size_t size = 0;
    forget_errors();
    const int result = SSL_read_ex(tls_.get(), into.data(), into.size(), &size);
    if (result != 1) error = failure(result);
    return size;
}

bool channel::has_buffered() const { return SSL_has_pending(tls_.get()) == 1; }

tcp::socket::wait_type channel::direction() const {
    return SSL_want_write(tls_.get()) ? tcp::socket::wait_write : tcp::socket::wait_read;
}

// REQUIRES: nothing has changed errno since.
error_code channel::failure(int result) const {
    const int system_error = errno;
    switch (SSL_get_error(tls_.get(), result)) {
        case SSL_ERROR_WANT_READ:
        case SSL_ERROR_WANT_WRITE: return boost::asio::error::would_block;
        case SSL_ERROR_ZERO_RETURN: return boost::asio::error::eof;
        case SSL_ERROR_SSL:
            return {static_cast<int>(ERR_peek_error()), boost::asio::error::get_ssl_category()};
        default: break;
    }
    if (system_error == 0) return boost::asio::error::eof;
    return {system_error, boost::system::system_category()};
}

void channel::shutdown_send() {
    forget_errors();
    if (tls_) SSL_shutdown(tls_.get());
    tls_.reset();
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void channel::close() {
    tls_.reset();
    error_code ignored;
    socket_.close(ignored);
}

void channel::cancel() {
    error_code ignored;
    socket_.cancel(ignored);
}

}  // namespace parley::net
