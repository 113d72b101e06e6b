// All of Beast's HTTP is here, and it only parses: what a head must look like is decided before (http/head_rules), what
// is answered elsewhere (http/site, http/api, http/upgrade).
#include "server/net/http_session.hpp"

#include "server/auth/tokens.hpp"
#include "server/chat/plain_conversation.hpp"
#include "server/http/credentials.hpp"
#include "server/http/deflate_offer.hpp"
#include "server/http/forwarding.hpp"
#include "server/http/head_rules.hpp"
#include "server/http/request_id.hpp"
#include "server/http/tokens.hpp"
#include "server/log/log.hpp"
#include "server/net/chat_session.hpp"
#include "server/net/echo_session.hpp"
#include "server/net/network.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/read.hpp>

#include <array>
#include <mutex>

namespace parley::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
using std::chrono::seconds;

namespace {

constexpr auto head_patience = seconds(10);
constexpr auto body_patience = seconds(20);
constexpr auto answer_patience = seconds(30);  // the longest wait for the ledger, and for the peer to take the answer
constexpr auto rest_patience = seconds(60);
constexpr auto linger_patience = seconds(2);
constexpr auto cancel_patience = seconds(2);  // with an operation that was told to end
constexpr std::size_t read_bytes = 4096;
constexpr std::uint64_t full_retry_ms = 5'000;  // until a connection may have gone
constexpr std::size_t guest_letters = 6;

std::string address_of(const asio::ip::tcp::socket& socket) {
    boost::system::error_code error;
    const auto remote = socket.remote_endpoint(error);
    if (error) return "unknown";
    const auto address = remote.address();
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address.to_string();
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
}

bool is_loopback(const std::string& address) {
    boost::system::error_code error;
    const auto parsed = asio::ip::make_address(address, error);
    return !error && parsed.is_loopback();
}

void warn_of_proxy() {
    static std::once_flag said;
    std::call_once(said, [] {
        log::warn("requests come through a proxy: they get no guests until --guests on (or off) says what you want");
    });
}

log::level level_of(int status) {
    if (status < 400) return log::level::debug;
    if (status < 500) return log::level::info;
    return status == 503 ? log::level::warn : log::level::error;
}

std::string_view word_of(http::speech how) {
    if (how == http::speech::parley) return "parley";
    return how == http::speech::plain ? "plain" : "echo";
}

// Who a proxy on this machine speaks for; nothing when it does not say so in an address.
std::optional<std::string> forwarded_address(const http::request& asked) {
    boost::system::error_code error;
    const auto parsed = asio::ip::make_address(http::forwarded_for(asked), error);
    return error ? std::nullopt : std::optional(network_of(parsed.to_string()));
}

// 429, or 503 for what is not the client's doing.
http::response too_many(int status, std::uint64_t retry_ms) {
    http::response out = http::text_response(status);
    out.set("Retry-After", std::to_string((retry_ms + 999) / 1000));
    return out;
}

}  // namespace

void http_session::begin(asio::ip::tcp::socket socket, tally::place place, int refusal, gate& home) {
    auto opened = std::make_shared<http_session>(std::move(socket), std::move(place), home);
    home.keep(opened);
    if (refusal != 0) return opened->refuse(too_many(refusal, full_retry_ms));
    opened->enter(phase::resting, head_patience);
    opened->channel_.is_secure() ? opened->shake_hands() : opened->read_head();
}

http_session::http_session(asio::ip::tcp::socket socket, tally::place place, gate& home)
    : connection(speaks::http),
      remote_address_(address_of(socket)),
      channel_(std::move(socket), home.how().identity),
      place_(std::move(place)),
      home_(home),
      client_address_(remote_address_),
      buffer_(http::head_bytes_max + http::body_bytes_max) {
    boost::system::error_code ignored;
    channel_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

void http_session::enter(phase next, clock::duration patience) {
    phase_ = next;
    deadline_ = clock::now() + patience;
}

// ---- reading

void http_session::shake_hands() {
    channel_.shake_hands([this, alive = self()](error_code error) {
        if (phase_ != phase::resting) return;
        if (error == boost::system::errc::wrong_protocol_type)
            return refuse(http::text_response(400, "this port speaks https"));
        if (error) log::debug("no TLS", {{"remote", remote_address_}, {"why", error.message()}});
        error ? drop() : read_head();
    });
}

std::string_view http_session::buffered() const {
    const auto bytes = buffer_.cdata();
    return {static_cast<const char*>(bytes.data()), bytes.size()};
}

void http_session::read_head() {
    while (buffered().starts_with("\r\n")) buffer_.consume(2);  // passed over (RFC 9112, section 2.2)
    const std::string_view seen = buffered();
    const auto end = seen.find("\r\n\r\n");
    if (end != std::string_view::npos) return take_head(end + 4);
    if (seen.size() >= http::head_bytes_max) return refuse(http::text_response(431));
    if (!seen.empty() && phase_ == phase::resting) enter(phase::reading, head_patience);
    channel_.async_read_some(buffer_.prepare(std::min(read_bytes, http::head_bytes_max - seen.size())),
                             [this, alive = self()](error_code error, std::size_t size) {
                                 if (!may_go_on()) return;
                                 if (error) return drop();
                                 buffer_.commit(size);
                                 read_head();
                             });
}

void http_session::take_head(std::size_t size) {
    enter(phase::reading, body_patience);
    head_only_ = false;
    asked_at_ = clock::now();
    request_id_ = home_.next_id();
    const std::string_view head = buffered().substr(0, size);
    if (const auto found = http::find_breach(head)) return refuse(http::text_response(found->status, found->complaint));
    parser_.emplace();
    parser_->header_limit(http::head_bytes_max + 1);
    parser_->body_limit(http::body_bytes_max);
    error_code error;
    parser_->put(asio::buffer(head), error);
    if (error == beast::http::error::body_limit) return refuse(http::text_response(413));
    if (error || !parser_->is_header_done()) return refuse(http::text_response(400, "malformed request"));
    buffer_.consume(size);
    keep_alive_ = parser_->get().keep_alive();
    const auto expectation = parser_->get()[beast::http::field::expect];
    if (!expectation.empty() && !http::same_token(expectation, "100-continue")) return refuse(http::text_response(417));
    asked_ = to_request();
    client_address_ = asked_.remote_address;
    if (auto given = http::request_id_of(asked_)) request_id_ = std::move(*given);
    head_only_ = asked_.method == "HEAD";
    if (http::is_upgrade_path(asked_.path())) return upgrade();
    const bool to_api = asked_.path().starts_with(http::api_prefix);
    if (parser_->is_done()) return take_request();
    if (!to_api) keep_alive_ = false;  // its body stays unread
    if (!to_api) return take_request();
    if (expectation.empty() || buffer_.size() > 0) return read_body();
    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(channel_, asio::buffer(go_on), [this, alive = self()](error_code failed, std::size_t) {
        if (!may_go_on()) return;
        failed ? drop() : read_body();
    });
}

// After an operation of reading has ended: whether it did so in time. Otherwise the request is not carried out, even if
// it is complete by now.
bool http_session::may_go_on() {
    if (phase_ == phase::late) refuse(http::text_response(408));
    return phase_ == phase::resting || phase_ == phase::reading;
}

void http_session::read_body() {
    beast::http::async_read(channel_, buffer_, *parser_, [this, alive = self()](error_code error, std::size_t) {
        if (!may_go_on()) return;
        if (error == beast::http::error::body_limit) return refuse(http::text_response(413));
        if (error == beast::http::error::end_of_stream || error == beast::http::error::partial_message) return drop();
        if (error) return refuse(http::text_response(400, "malformed body"));
        asked_.body = std::move(parser_->get().body());
        take_request();
    });
}

http::request http_session::to_request() const {
    const auto& message = parser_->get();
    http::request out{.method = std::string(message.method_string()),
                      .target = std::string(message.target()),
                      .remote_address = network_of(remote_address_),
                      .over_tls = channel_.is_secure()};
    for (const auto& field : message)
        out.headers.emplace_back(http::to_lower(field.name_string()), std::string(field.value()));
    if (home_.how().guests == http::guest_policy::direct && http::was_forwarded(out)) warn_of_proxy();
    if (is_loopback(remote_address_)) out.remote_address = forwarded_address(out).value_or(out.remote_address);
    return out;
}

void http_session::take_request() {
    enter(phase::answering, answer_patience);
    if (!asked_.path().starts_with(http::api_prefix)) return respond(home_.pages().answer(asked_));
    call_ = home_.api().handle(std::move(asked_), [this](http::response out) { respond(std::move(out)); });
}

// ---- becoming a WebSocket

void http_session::upgrade() {
    enter(phase::answering, answer_patience);
    if (parser_->get().version() != 11) return refuse(http::text_response(505, "WebSocket needs HTTP/1.1"));
    auto plan = http::plan_upgrade(asked_, home_.how().origins);
    if (auto* refused = std::get_if<http::response>(&plan)) return refuse(std::move(*refused));
    auto& wanted = std::get<http::upgrade>(plan);
    if (!parser_->is_done()) return refuse(http::text_response(400, "a handshake has no body"));
    if (const auto retry_ms = home_.api().take_turn(asked_.remote_address)) return refuse(too_many(429, retry_ms));
    if (!counts_with_others()) return refuse(too_many(429, full_retry_ms));
    if (home_.how().deflated_readers) wanted.extension = http::answer_deflate_offers(asked_);
    const std::string token = http::token_of(asked_);
    if (wanted.how == http::speech::echo) return become(std::move(wanted), std::nullopt, 0);
    if (token.empty()) return name_guest(std::move(wanted), std::nullopt);
    home_.people().authenticate(token, back_home<auth::accounts::authenticated>([this, wanted](const auto& found) {
                                    if (const auto* why = std::get_if<chat::refusal>(&found))
                                        return refuse(http::text_response(503, why->message));
                                    const auto& who = std::get<std::optional<chat::identity>>(found);
                                    // A session that has ended is told so, where that can be said: nobody becomes
                                    // somebody else unasked.
                                    if (!who && wanted.how == http::speech::parley)
                                        return become(wanted, std::nullopt, 0);
                                    name_guest(wanted, who);
                                }));
}

// Behind a proxy it is known only now whose connection it is. False: there are too many from there.
bool http_session::counts_with_others() {
    if (asked_.remote_address == network_of(remote_address_) || auth::is_this_machine(asked_.remote_address))
        return true;
    auto place = home_.everyone().by_address.take(asked_.remote_address);
    if (place) place_ = std::move(*place);
    return place.has_value();
}

// Whoever has no session is a guest of this connection, where guests are taken.
void http_session::name_guest(http::upgrade asked, std::optional<chat::identity> who) {
    if (who || !http::takes_guests(home_.how().guests, asked_)) return find_entry(std::move(asked), std::move(who));
    if (!asked.name) {
        const bool plain = asked.how == http::speech::plain;
        std::string user = plain ? chat::unnamed_guest : "guest-" + auth::random_letters(guest_letters);
        return find_entry(std::move(asked), chat::identity{std::move(user), "", true});
    }
    home_.people().check_guest_name(
        *asked.name, back_home<std::optional<chat::refusal>>([this, asked](const auto& why) {
            if (why) return refuse(http::text_response(meaning_of(why->code).http_status, why->message));
            find_entry(asked, chat::identity{*asked.name, "", true});
        }));
}

// Plain text is told from the moment of its handshake on, so where that is in the log must be known before.
void http_session::find_entry(http::upgrade asked, std::optional<chat::identity> who) {
    if (!who || asked.how != http::speech::plain) return become(std::move(asked), std::move(who), 0);
    const auto found = [this, weak = weak_from_this(), asked,
                        who](const std::variant<std::uint64_t, chat::refusal>& entry) {
        const auto alive = weak.lock();
        if (!alive || phase_ == phase::gone) return;
        if (const auto* why = std::get_if<chat::refusal>(&entry))
            return refuse(http::text_response(meaning_of(why->code).http_status, why->message));
        become(asked, who, std::get<std::uint64_t>(entry));
    };
    const auto may_open = [&people = home_.people(), from = asked_.remote_address] { return people.take_place(from); };
    chat::find_plain_entry(home_.home().hub().log(), *who, asked.room, may_open, found);
}

void http_session::become(http::upgrade asked, std::optional<chat::identity> who, std::uint64_t plain_entry) {
    if (leaving_) return refuse(http::text_response(503, "the server stops"));
    websocket_session::start begun{std::move(channel_), beast::buffers_to_string(buffer_.data()),
                                   std::move(asked),    client_address_,
                                   home_.next_id(),     std::move(place_)};
    home_.counts().answered[101].add();
    log::debug("connection opened", {{"connection", begun.id},
                                     {"request", request_id_},
                                     {"speaks", word_of(begun.asked.how)},
                                     {"remote", client_address_},
                                     {"user", who ? who->user : ""}});
    phase_ = phase::gone;
    std::shared_ptr<websocket_session> next;
    if (begun.asked.how == http::speech::echo)
        next = std::make_shared<echo_session>(std::move(begun), home_);
    else
        next = std::make_shared<chat_session>(std::move(begun), home_, std::move(who), plain_entry);
    home_.keep(next);
    next->accept(request_id_);
    home_.release(*this);
}

// ---- answering

void http_session::refuse(http::response what) {
    keep_alive_ = false;
    respond(std::move(what));
}

void http_session::respond(http::response what) {
    enter(phase::answering, answer_patience);
    keep_alive_ = keep_alive_ && !leaving_;
    answer_ = std::move(what);
    if (request_id_.empty()) request_id_ = home_.next_id();  // of what never became a request
    answer_.set("X-Request-Id", request_id_);
    home_.counts().answered[static_cast<std::size_t>(answer_.status)].add();
    log_answer();
    head_out_ = http::serialize_head(answer_, keep_alive_);
    const std::array<asio::const_buffer, 2> bytes{asio::buffer(head_out_),
                                                  asio::buffer(head_only_ ? std::string_view() : answer_.body)};
    asio::async_write(channel_, bytes, [this, alive = self()](error_code error, std::size_t) {
        if (phase_ == phase::gone) return;
        error ? drop() : written();
    });
}

// The path without its query, which may hold what is nobody's business.
void http_session::log_answer() const {
    const auto how = level_of(answer_.status);
    if (!log::shows(how) || (how == log::level::info && !home_.tells_one_more_refusal())) return;
    const std::string_view target = parser_ ? parser_->get().target() : "";
    const std::string_view method = parser_ ? parser_->get().method_string() : "";
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - asked_at_);
    log::write(how, "request",
               {{"request", request_id_},
                {"method", method},
                {"path", target.substr(0, target.find('?'))},
                {"status", answer_.status},
                {"duration_ms", asked_at_ == clock::time_point() ? 0 : took.count()},
                {"bytes", head_only_ ? 0 : answer_.body.size()},
                {"remote", client_address_},
                {"user", answer_.user}});
}

void http_session::written() {
    call_.reset();
    answer_ = {};
    head_only_ = false;
    request_id_.clear();
    asked_at_ = {};
    if (!keep_alive_ || leaving_) return linger();
    parser_.reset();
    enter(phase::resting, rest_patience);
    read_head();
}

// Closing with bytes unread would reset the connection and could take the answer with it.
void http_session::linger() {
    if (phase_ != phase::lingering) {
        channel_.shutdown_send();
        enter(phase::lingering, linger_patience);
        buffer_.consume(buffer_.size());
    }
    channel_.async_read_some(buffer_.prepare(read_bytes), [this, alive = self()](error_code error, std::size_t) {
        if (phase_ == phase::gone) return;
        error ? drop() : linger();
    });
}

// ---- the gate's

void http_session::tick(clock::time_point now) {
    if (now < deadline_) return;
    if (phase_ != phase::reading) return drop();
    enter(phase::late, cancel_patience);
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
    home_.release(*this);
}

}  // namespace parley::net
