// An HTTP connection: one request after the other, each answered before the next is parsed, until
// it ends or becomes a WebSocket. Limits: TLS and the first byte within 10 s, then a head of
// http::head_bytes_max within 10 s, a body of http::body_bytes_max within 20 s, 75 s without a
// request.
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/http/target.hpp"
#include "server/net/arrival.hpp"
#include "server/net/channel.hpp"
#include "server/net/connection.hpp"
#include "server/net/connection_set.hpp"
#include "server/net/tally.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace parley::net {

class http_session final : public connection {
public:
    // `refusal`: the HTTP status that it gets before it has sent a request; 0: it may send some.
    static void begin(boost::asio::ip::tcp::socket socket, net::tickets tickets, int refusal,
                      connection_set& connections);

    http_session(boost::asio::ip::tcp::socket socket, net::tickets tickets,
                 connection_set& connections);

    void tick(base::steady_ms now) override;
    void leave() override;
    void drop() override;

private:
    using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
    using error_code = boost::system::error_code;
    // `late`: the request came too slowly; it is answered as soon as the operation that reads it
    // has ended, so that there is never more than one.
    enum class phase : std::uint8_t { resting, reading, late, answering, lingering, gone };

    std::shared_ptr<http_session> self() {
        return std::static_pointer_cast<http_session>(shared_from_this());
    }
    void enter(phase next, base::steady_ms patience_ms);

    std::string_view buffered() const;
    void shake_hands();
    void read_head(std::size_t searched = 0);
    void take_head(std::size_t size);
    bool may_go_on();
    void read_body();
    void route(bool expects_continue);
    void carry_out();
    void upgrade();
    void become_websocket(admission admitted);

    void refuse(http::response answer);
    void respond(http::response answer);
    void log_response() const;
    void answered();
    void linger();
    http::request to_request(const http::target& target) const;

    const std::string remote_address_;
    channel channel_;
    net::tickets tickets_;
    connection_set& connections_;
    std::string client_address_;  // the one that a proxy names, or the remote one
    boost::beast::flat_buffer buffer_;
    std::optional<parser> parser_;
    http::request request_;
    std::string request_id_;                   // in the log, and in the answer
    std::optional<base::steady_ms> began_at_;  // nothing: no request has come so far
    std::string head_out_;
    http::response answer_;
    std::shared_ptr<void> call_;  // to the API, or an arrival: it ends when it is released
    phase phase_ = phase::resting;
    bool keep_alive_ = false;
    bool head_only_ = false;  // the answer to HEAD gives the length of a body that is not sent
    bool strict_transport_ = false;  // the answer asks the browser to use TLS only
    bool leaving_ = false;
    base::steady_ms deadline_ = 0;
};

}  // namespace parley::net
