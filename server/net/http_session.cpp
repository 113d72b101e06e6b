// All of Beast's HTTP is here, and it only parses: http/head_rules decides before what a head may
// look like, and http/site, http/api and http/upgrade decide what is answered.
#include "server/net/http_session.hpp"

#include "server/base/address.hpp"
#include "server/base/clock.hpp"
#include "server/http/base_path.hpp"
#include "server/http/forwarding.hpp"
#include "server/http/head_rules.hpp"
#include "server/http/request_id.hpp"
#include "server/http/target.hpp"
#include "server/http/tokens.hpp"
#include "server/log/log.hpp"
#include "server/net/http_log.hpp"
#include "server/net/network.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>

namespace parley::net {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr base::steady_ms head_patience_ms = 10'000;
constexpr base::steady_ms body_patience_ms = 20'000;
// The longest wait for the ledger, and for the peer to take the answer.
constexpr base::steady_ms answer_patience_ms = 30'000;
// Longer than the 60 s for which nginx keeps an unused connection: the side that closes first races
// the next request of the other.
constexpr base::steady_ms rest_patience_ms = 75'000;
constexpr base::steady_ms linger_patience_ms = 2'000;
constexpr base::steady_ms cancel_patience_ms = 2'000;  // until a cancelled operation has ended
constexpr std::size_t read_bytes = 4096;

// Bytes that the kernel keeps for one connection beyond those in flight: by itself it keeps 4 MB,
// which --outbox-total does not see.
constexpr int unsent_bytes_max = 128 * 1024;

// RFC 6797: for a year browsers use TLS only. It is not sent for localhost, because it would cover
// the other ports there too.
constexpr std::string_view strict_transport = "max-age=31536000";
constexpr std::size_t kept_bytes_max = 8 * 1024;  // in the buffer of a connection at rest

std::string address_of(const asio::ip::tcp::socket& socket) {
    boost::system::error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) return std::string(http::nobody);
    return base::normal_address(remote.address().to_string()).value_or(std::string(http::nobody));
}

// Beast keeps a reference to it, which may not be const.
auto check_chunk = [](std::uint64_t, std::string_view extensions,
                      boost::system::error_code& error) {
    if (!http::are_chunk_extensions(extensions)) error = beast::http::error::bad_chunk_extension;
};

}  // namespace

void http_session::begin(asio::ip::tcp::socket socket, net::tickets tickets, int refusal,
                         connection_set& connections) {
    auto opened =
        std::make_shared<http_session>(std::move(socket), std::move(tickets), connections);
    connections.keep(opened);
    if (refusal != 0) return opened->refuse(http::too_many_requests(http::full_retry_ms, refusal));
    opened->enter(phase::resting, head_patience_ms);
    if (opened->channel_.is_secure()) return opened->shake_hands();
    opened->read_head();
}

http_session::http_session(asio::ip::tcp::socket socket, net::tickets tickets,
                           connection_set& connections)
    : connection(http::wire_kind::http),
      remote_address_(address_of(socket)),
      channel_(std::move(socket), connections.settings().identity),
      tickets_(std::move(tickets)),
      connections_(connections),
      client_address_(remote_address_),
      buffer_(http::head_bytes_max + http::body_bytes_max) {
    boost::system::error_code ignored;
    channel_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    ::setsockopt(channel_.socket().native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT,
                 &unsent_bytes_max, sizeof unsent_bytes_max);
}

void http_session::enter(phase next, base::steady_ms patience_ms) {
    phase_ = next;
    deadline_ = base::steady_clock_ms() + patience_ms;
}

// ---- reading

void http_session::shake_hands() {
    channel_.shake_hands([this, alive = self()](error_code error) {
        if (phase_ != phase::resting) return;
        if (error == boost::system::errc::wrong_protocol_type)
            return refuse(http::text_response(400, "this port speaks https"));
        if (!error) return read_head();
        log::debug("no TLS", {{"remote", remote_address_}, {"why", error.message()}});
        drop();
    });
}

std::string_view http_session::buffered() const {
    const auto bytes = buffer_.cdata();
    return {static_cast<const char*>(bytes.data()), bytes.size()};
}

void http_session::read_head(std::size_t searched) {
    while (buffered().starts_with("\r\n"))
        buffer_.consume(2);  // passed over (RFC 9112, section 2.2)
    const std::string_view seen = buffered();
    constexpr std::string_view empty_line = "\r\n\r\n";
    const auto end = seen.find(empty_line, searched - std::min(searched, empty_line.size()));
    if (end != std::string_view::npos) return take_head(end + 4);
    if (seen.size() >= http::head_bytes_max) return refuse(http::text_response(431));
    if (!seen.empty() && phase_ == phase::resting) enter(phase::reading, head_patience_ms);
    channel_.async_read_some(
        buffer_.prepare(std::min(read_bytes, http::head_bytes_max - seen.size())),
        [this, alive = self(), searched = seen.size()](error_code error, std::size_t size) {
            if (!may_go_on()) return;
            if (error) return drop();
            buffer_.commit(size);
            read_head(searched);
        });
}

void http_session::take_head(std::size_t size) {
    enter(phase::reading, body_patience_ms);
    head_only_ = false;
    began_at_ = base::steady_clock_ms();
    request_id_ = connections_.next_id();
    const std::string_view head = buffered().substr(0, size);
    if (const auto breach = http::find_breach(head))
        return refuse(http::text_response(breach->status, breach->complaint));
    parser_.emplace();
    parser_->header_limit(http::head_bytes_max + 1);
    parser_->body_limit(http::body_bytes_max);
    parser_->on_chunk_header(check_chunk);
    error_code error;
    parser_->put(asio::buffer(head), error);
    if (error == beast::http::error::body_limit) return refuse(http::text_response(413));
    if (error || !parser_->is_header_done())
        return refuse(http::text_response(400, "malformed request"));
    buffer_.consume(size);
    keep_alive_ = parser_->get().keep_alive();
    const auto expectation = parser_->get()[beast::http::field::expect];
    if (!expectation.empty() && !http::same_token(expectation, "100-continue"))
        return refuse(http::text_response(417));
    const auto target = http::parse_target(parser_->get().method_string(), parser_->get().target());
    request_ = to_request(*target);
    client_address_ = request_.remote_address;
    if (auto given = http::request_id_of(request_)) request_id_ = std::move(*given);
    head_only_ = request_.method == "HEAD";
    strict_transport_ = channel_.is_secure() && !http::names_this_machine(request_);
    if (target->needs_tls && !http::came_over_tls(request_))
        return refuse(http::text_response(421, "https was not spoken here"));
    route(!expectation.empty());
}

void http_session::route(bool expects_continue) {
    if (http::is_upgrade_path(request_.path())) return upgrade();
    if (parser_->is_done()) return carry_out();
    if (!request_.path().starts_with(http::api_prefix)) {
        keep_alive_ = false;  // its body is not read
        return carry_out();
    }
    if (!expects_continue || buffer_.size() > 0) return read_body();
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(channel_, asio::buffer(go_on),
                      [this, alive = self()](error_code failed, std::size_t) {
                          if (!may_go_on()) return;
                          if (failed) return drop();
                          read_body();
                      });
}

// Whether a read operation has ended in time. Otherwise the request is refused, even if it is
// complete by now.
bool http_session::may_go_on() {
    if (phase_ == phase::late) refuse(http::text_response(408));
    return phase_ == phase::resting || phase_ == phase::reading;
}

void http_session::read_body() {
    beast::http::async_read(channel_, buffer_, *parser_,
                            [this, alive = self()](error_code error, std::size_t) {
                                if (!may_go_on()) return;
                                if (error == beast::http::error::body_limit)
                                    return refuse(http::text_response(413));
                                if (error == beast::http::error::end_of_stream ||
                                    error == beast::http::error::partial_message)
                                    return drop();
                                if (error)
                                    return refuse(http::text_response(400, "malformed body"));
                                request_.body = std::move(parser_->get().body());
                                carry_out();
                            });
}

http::request http_session::to_request(const http::target& target) const {
    const auto& message = parser_->get();
    http::request out{.method = std::string(message.method_string()),
                      .target = http::without_base(target.path, connections_.settings().base_path),
                      .peer_address = remote_address_,
                      .version = static_cast<int>(message.version()),
                      .over_tls = channel_.is_secure()};
    for (const auto& field : message)
        out.headers.emplace_back(http::to_lower(field.name_string()), std::string(field.value()));
    if (!target.authority.empty()) out.set_header("host", target.authority);
    out.remote_address = network_of(http::client_address(out, connections_.settings().proxies));
    warn_of_proxy(connections_, out);
    return out;
}

void http_session::carry_out() {
    enter(phase::answering, answer_patience_ms);
    if (!request_.path().starts_with(http::api_prefix))
        return respond(connections_.pages().answer(request_));
    call_ = connections_.api().handle(std::move(request_),
                                      [this](http::response out) { respond(std::move(out)); });
}

// ---- becoming a WebSocket

void http_session::upgrade() {
    enter(phase::answering, answer_patience_ms);
    auto planned = http::plan_upgrade(request_, connections_.settings().origins);
    if (auto* refused = std::get_if<http::response>(&planned)) return refuse(std::move(*refused));
    if (!parser_->is_done()) return refuse(http::text_response(400, "a handshake has no body"));
    call_ = arrival::begin(connections_, std::move(request_),
                           std::get<http::upgrade>(std::move(planned)), network_of(remote_address_),
                           [this](std::variant<admission, http::response> answer) {
                               if (auto* refused = std::get_if<http::response>(&answer))
                                   return refuse(std::move(*refused));
                               become_websocket(std::get<admission>(std::move(answer)));
                           });
}

void http_session::become_websocket(admission admitted) {
    if (leaving_) return refuse(http::text_response(503, "the server stops"));
    if (admitted.ticket) tickets_.of_address = std::move(admitted.ticket);
    websocket_session::handshake_result handshake{.through = std::move(channel_),
                                                  .early = beast::buffers_to_string(buffer_.data()),
                                                  .upgrade = std::move(admitted.upgrade),
                                                  .remote = client_address_,
                                                  .id = connections_.next_id(),
                                                  .tickets = std::move(tickets_)};
    phase_ = phase::gone;
    open_websocket(connections_, std::move(handshake), std::move(admitted), request_id_);
    connections_.release(*this);
}

// ---- answering

void http_session::refuse(http::response answer) {
    keep_alive_ = false;
    respond(std::move(answer));
}

void http_session::respond(http::response answer) {
    enter(phase::answering, answer_patience_ms);
    keep_alive_ = keep_alive_ && !leaving_;
    answer_ = std::move(answer);
    if (request_id_.empty()) request_id_ = connections_.next_id();  // it never became a request
    answer_.set("X-Request-Id", request_id_);
    if (strict_transport_) answer_.set("Strict-Transport-Security", strict_transport);
    connections_.counters().answered[static_cast<std::size_t>(answer_.status)].add();
    log_response();
    head_out_ = http::serialize_head(answer_, keep_alive_);
    const std::array<asio::const_buffer, 2> bytes{
        asio::buffer(head_out_), asio::buffer(head_only_ ? std::string_view() : answer_.body)};
    asio::async_write(channel_, bytes, [this, alive = self()](error_code error, std::size_t) {
        if (phase_ == phase::gone) return;
        if (error) return drop();
        answered();
    });
}

void http_session::log_response() const {
    const base::steady_ms now = base::steady_clock_ms();
    log_answer(connections_,
               {.id = request_id_,
                .method = parser_ ? std::string_view(parser_->get().method_string()) : "",
                .target = parser_ ? std::string_view(parser_->get().target()) : "",
                .duration_ms = now - began_at_.value_or(now),
                .bytes = head_only_ ? 0 : answer_.body.size(),
                .remote = client_address_},
               answer_);
}

void http_session::answered() {
    call_.reset();
    answer_ = {};
    head_only_ = false;
    request_id_.clear();
    began_at_.reset();
    if (!keep_alive_ || leaving_) return linger();
    parser_.reset();
    request_ = {};
    if (buffer_.size() == 0 && buffer_.capacity() > kept_bytes_max) buffer_.shrink_to_fit();
    enter(phase::resting, rest_patience_ms);
    read_head();
}

// To close with bytes unread would reset the connection, and the answer could be lost.
void http_session::linger() {
    if (phase_ != phase::lingering) {
        channel_.shutdown_send();
        enter(phase::lingering, linger_patience_ms);
        buffer_.consume(buffer_.size());
    }
    channel_.async_read_some(buffer_.prepare(read_bytes),
                             [this, alive = self()](error_code error, std::size_t) {
                                 if (phase_ == phase::gone) return;
                                 if (error) return drop();
                                 linger();
                             });
}

// ---- called by the connection set

void http_session::tick(base::steady_ms now) {
    if (now < deadline_) return;
    if (phase_ != phase::reading) return drop();
    enter(phase::late, cancel_patience_ms);
    channel_.cancel();
}

void http_session::leave() {
    leaving_ = true;
    if (phase_ != phase::answering) drop();
}

void http_session::drop() {
    if (phase_ == phase::gone) return;
    if (phase_ == phase::resting && channel_.is_secure()) channel_.shutdown_send();
    phase_ = phase::gone;
    call_.reset();
    channel_.close();
    connections_.release(*this);
}

}  // namespace parley::net
