// Ends a TCP connection after the last bytes were sent: reads and discards what still comes, until
// the peer closes too. To close with unread bytes would send a reset, which may overtake the last
// bytes (RFC 9112, section 9.6). Beast's own teardown reads only once (its loop tests a count that
// is always 0). The caller limits the time.
#pragma once

#include <boost/asio/compose.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace parley::net {

// Beyond this the peer is not listening.
inline constexpr std::size_t linger_bytes_max = 16 * 1024 * 1024;

// Closes the socket and completes with no error. REQUIRES: nothing more will be sent.
template <class Handler>
void async_linger(boost::asio::ip::tcp::socket& socket, Handler&& handler) {
    using boost::asio::ip::tcp;
    using boost::system::error_code;
    auto discard = [&socket, left = linger_bytes_max](auto& self, error_code error = {}) mutable {
        std::array<char, 16 * 1024> discarded;
        const std::size_t size =
            error ? 0 : socket.read_some(boost::asio::buffer(discarded), error);
        const bool more_may_come =
            (!error && size < left) || error == boost::asio::error::would_block;
        left -= std::min(size, left);
        if (more_may_come) return socket.async_wait(tcp::socket::wait_read, std::move(self));
        socket.close(error);
        self.complete({});
    };
    error_code ignored;  // a socket that is dead already fails at its first use
    socket.non_blocking(true, ignored);
    boost::asio::async_compose<Handler, void(error_code)>(std::move(discard), handler,
                                                          socket.get_executor());
}

}  // namespace parley::net
