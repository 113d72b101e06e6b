// The server's certificate and key, and its TLS: version 1.2 and later, HTTP/1.1, forward secrecy,
// session tickets that only the peer keeps, no renegotiation. Owner: the server.
#pragma once

#include "server/base/mutex.hpp"
#include "server/config/tls_files.hpp"

#include <cstdint>
#include <memory>

struct ssl_st;

namespace boost::asio::ssl {
class context;
}

namespace parley::net {

struct tls_release {
    void operator()(ssl_st* ended) const;
};

// OpenSSL's side of one connection.
using tls_state = std::unique_ptr<ssl_st, tls_release>;

class certificate {
public:
    // std::runtime_error, in one line, when the files cannot be read or do not belong together.
    explicit certificate(config::tls_files files);
    ~certificate();

    // Reads the files again, for future connections. Throws as the constructor does; then nothing
    // changes.
    void reload();

    // Any thread: the server's side of a handshake on that descriptor, which must not block. Null:
    // out of memory.
    tls_state open(int descriptor) const;

    // Any thread: seconds since 1970.
    std::int64_t expires_at_s() const;

private:
    std::shared_ptr<boost::asio::ssl::context> current() const;

    const config::tls_files files_;
    mutable base::mutex mutex_;
    std::shared_ptr<boost::asio::ssl::context> current_ GUARDED_BY(mutex_);
};

}  // namespace parley::net
