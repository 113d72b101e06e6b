// All of Beast's WebSocket is here: Beast does the handshake, reads, answers pings and closes. It
// writes to the outbox.
#include "server/net/websocket_session.hpp"

#include "server/base/clock.hpp"
#include "server/log/log.hpp"
#include "server/net/corrected_stream.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/messages.hpp"
#include "shared/protocol/text.hpp"

#include <boost/asio/post.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>

namespace parley::net {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
namespace limits = protocol::limits;

namespace {

constexpr base::steady_ms handshake_patience_ms = 10'000;
constexpr base::steady_ms closing_patience_ms = 5'000;
constexpr std::size_t chunk_bytes_max = 16 * 1024;
// Counted for each read besides the bytes that it brought, so that many small ones cost something.
constexpr std::size_t read_cost_bytes = 256;
constexpr std::uint32_t reads_a_tick_spare = 1000;
// RFC 6455, section 5.5: a control frame holds 125 bytes, two of them the code.
constexpr std::size_t reason_bytes_max = 123;

const wire::shared_frame& ping_frame() {
    static const auto frame = std::make_shared<const std::string>("\x89\x00", 2);
    return frame;
}

// What Beast needs to see again; the request itself was checked when it was planned.
beast::http::request<beast::http::empty_body> handshake_request(const http::upgrade& upgrade) {
    beast::http::request<beast::http::empty_body> out{beast::http::verb::get, "/", 11};
    out.set(beast::http::field::host, "parley");
    out.set(beast::http::field::connection, "upgrade");
    out.set(beast::http::field::upgrade, "websocket");
    out.set(beast::http::field::sec_websocket_version, "13");
    out.set(beast::http::field::sec_websocket_key, upgrade.key);
    return out;
}

}  // namespace

// Beast's own permessage-deflate is not used: until 2025 it ended good connections (Beast issue
// 3028), and it would need 13 KB for each. Below Beast, RSV1 is taken off compressed messages;
// above it they are inflated.
struct websocket_session::beast_side {
    beast_side(bool compressed, channel through, std::string early, std::size_t bytes_max,
               net::pump& pump, outbox::owner& session)
        : stream(compressed, std::move(through), std::move(early), bytes_max, pump, session) {}
    websocket::stream<corrected_stream, false> stream;
};

websocket_session::websocket_session(handshake_result handshake, connection_set& connections,
                                     std::size_t message_bytes_max, std::size_t backlog_bytes_max)
    : connection(handshake.upgrade.kind),
      connections_(connections),
      upgrade_(std::move(handshake.upgrade)),
      message_bytes_max_(message_bytes_max),
      backlog_bytes_max_(backlog_bytes_max),
      remote_(std::move(handshake.remote)),
      id_(std::move(handshake.id)),
      tickets_(std::move(handshake.tickets)),
      deadline_(base::steady_clock_ms() + handshake_patience_ms),
      beast_(std::make_unique<beast_side>(
          is_compressed(), std::move(handshake.through), std::move(handshake.early),
          connections.settings().outbox_bytes_max, connections.pump(), *this)),
      box_(beast_->stream.next_layer().next_layer()) {
    if (is_compressed())
        connections.settings().compressed_connections->fetch_add(1, std::memory_order_relaxed);
    beast_->stream.read_message_max(is_compressed() ? wire::deflated_bytes_max(message_bytes_max)
                                                    : message_bytes_max);
    beast_->stream.control_callback(
        [this](websocket::frame_type, beast::string_view) { heard_control_frame(); });
}

websocket_session::~websocket_session() = default;

void websocket_session::accept(const std::string& request_id, std::vector<std::string> cookies) {
    const bool chosen = upgrade_.kind == http::wire_kind::parley;
    beast_->stream.set_option(
        websocket::stream_base::decorator([this, request_id, cookies = std::move(cookies),
                                           chosen](websocket::response_type& response) {
            response.set(beast::http::field::server, "Parley");
            response.set("X-Request-Id", request_id);
            for (const std::string& cookie : cookies)
                response.insert(beast::http::field::set_cookie, cookie);
            if (chosen)
                response.set(beast::http::field::sec_websocket_protocol,
                             std::string(protocol::subprotocol));
            if (is_compressed())
                response.set(beast::http::field::sec_websocket_extensions, upgrade_.extension);
        }));
    beast_->stream.async_accept(handshake_request(upgrade_),
                                [this, self = alive()](error_code error) { accepted(error); });
}

void websocket_session::accepted(error_code error) {
    if (phase_ == phase::gone) return;
    if (error) return finish(error);
    beast_->stream.set_option(websocket::stream_base::decorator([](websocket::response_type&) {}));
    heard();
    if (phase_ == phase::closing) return send_close();
    phase_ = phase::open;
    box_.open();
    opened();
    if (!reads_) read();
}

void websocket_session::read() {
    reads_ = true;
    auto done = [this, self = alive()](error_code error, std::size_t bytes) {
        read_done(error, bytes);
    };
    if (rest_.empty())
        return beast_->stream.async_read_some(boost::asio::buffer(head_), std::move(done));
    rest_.resize(rest_bytes_ + std::min(rest_bytes_, chunk_bytes_max));
    beast_->stream.async_read_some(boost::asio::buffer(rest_) + rest_bytes_, std::move(done));
}

void websocket_session::read_done(error_code error, std::size_t bytes) {
    reads_ = false;
    if (error) return finish(error);
    heard();
    const bool whole = beast_->stream.is_message_done();
    if (rest_.empty() && whole) {
        message_done({head_.data(), bytes});
    } else if (rest_.empty()) {
        rest_.assign(head_.data(), bytes);
        rest_bytes_ = bytes;
    } else {
        rest_bytes_ += bytes;
        if (whole) message_done(std::string_view(rest_).substr(0, rest_bytes_));
    }
    if (whole) rest_ = std::string();
    if (phase_ == phase::gone) return;
    paused_ = phase_ == phase::open && queued_bytes() > backlog_bytes_max_;
    slowed_ = owes_bytes(heard_at_, bytes + read_cost_bytes) && phase_ == phase::open;
    if (slowed_) connections_.counters().slowed.add();
    if (!paused_ && !slowed_) read();
}

// The pause ends at a tick, at most a second later than it could: that needs no timer of its own.
bool websocket_session::owes_bytes(base::steady_ms now, std::size_t read) {
    return bytes_.spend(bytes_allowed(), now, read) > 0;
}

// Every message comes by here, even one that is passed over: each has a kind to be taken.
void websocket_session::message_done(std::string_view message) {
    using message_kind = wire::incoming_frames::message_kind;
    const auto kind = beast_->stream.next_layer().frames().take();
    if (phase_ != phase::open) return;  // until the peer answers the close
    if (kind == message_kind::uncompressed) return deliver(message, beast_->stream.got_binary());
    inflate(message, kind == message_kind::compressed_binary);
}

void websocket_session::inflate(std::string_view message, bool binary) {
    using outcome = wire::inflater::outcome;
    const auto inflated = connections_.decompressor().inflate(message, message_bytes_max_);
    if (inflated.verdict == outcome::broken)
        return close(protocol::close_code::bad_text, "not what deflate makes");
    if (inflated.verdict == outcome::too_big)
        return close(protocol::close_code::too_big, "too long");
    owes_bytes(heard_at_, inflated.message.size());  // it costs its size uncompressed
    deliver(inflated.message, binary);
}

void websocket_session::deliver(std::string_view message, bool binary) {
    // With compression, Beast's own limit is higher.
    if (message.size() > message_bytes_max_)
        return close(protocol::close_code::too_big, "too long");
    if (binary) return received_binary(message);
    // Beast 1.81 checks text too, but not if the last fragment is empty.
    if (!protocol::is_utf8(message))
        return close(protocol::close_code::bad_text, "text must be UTF-8");
    received_text(message);
}

void websocket_session::heard() {
    heard_at_ = base::steady_clock_ms();
    pinged_ = false;
}

// A control frame cannot be refused, and to stop reading them would stop messages too, so a flood
// closes the connection. The close is posted because Beast is in the middle of the frame.
void websocket_session::heard_control_frame() {
    heard();
    if (phase_ != phase::open ||
        control_frames_.take(connections_.settings().control_frames, heard_at_) == 0)
        return;
    boost::asio::post(beast_->stream.get_executor(), [this, self = alive()] {
        close(protocol::close_code::malformed, "too many control frames");
    });
}

wire::shared_frame websocket_session::smallest_frame(wire::opcode kind, std::string_view payload) {
    return is_compressed() ? connections_.compressor().make_frame(kind, payload)
                           : wire::make_frame(kind, payload);
}

void websocket_session::outbox_drained() {
    if (phase_ == phase::open) drained();
    if (!paused_ || phase_ != phase::open) return;
    paused_ = false;
    heard();
    if (!slowed_) read();
}

void websocket_session::close(protocol::close_code code, std::string_view reason) {
    if (phase_ == phase::closing || phase_ == phase::gone) return;
    if (code == protocol::close_code::malformed) connections_.counters().malformed.add();
    if (code == protocol::close_code::too_many_connections) connections_.counters().crowded.add();
    const bool may_send = phase_ == phase::open;
    phase_ = phase::closing;
    box_.shut();
    deadline_ = base::steady_clock_ms() + closing_patience_ms;
    closing_code_ = code;
    closing_reason_ = protocol::cut_utf8(reason, reason_bytes_max);
    if (may_send) send_close();
}

void websocket_session::send_close() {
    const websocket::close_reason why(static_cast<websocket::close_code>(closing_code_),
                                      closing_reason_);
    beast_->stream.async_close(why, [this, self = alive()](error_code error) {
        finish(error ? error : error_code(websocket::error::closed));
    });
}

void websocket_session::finish(error_code why) {
    if (phase_ == phase::gone) return;
    const bool expected =
        phase_ == phase::closing || why == websocket::error::closed || beast_->stream.reason();
    if (box_.failure()) why = box_.failure();
    if (!expected) connections_.counters().broken.add();
    if (expected)
        log::debug("connection closed", {{"connection", id_}, {"remote", remote_}});
    else
        log::info("connection ended unexpectedly",
                  {{"connection", id_}, {"remote", remote_}, {"why", why.message()}});
    drop();
}

void websocket_session::drop() {
    if (phase_ == phase::gone) return;
    phase_ = phase::gone;
    if (is_compressed())
        connections_.settings().compressed_connections->fetch_sub(1, std::memory_order_relaxed);
    ended();
    box_.drop();
    connections_.release(*this);
}

// A client that reconnects resumes from the log.
void websocket_session::outbox_given_up() {
    log::info("connection dropped: it reads nothing, and all that is unread is too much",
              {{"connection", id_}, {"remote", remote_}, {"limit", "--outbox-total"}});
    drop();
}

void websocket_session::leave() { close(protocol::close_code::going_away, "the server stops"); }

void websocket_session::read_again(base::steady_ms now) {
    if (!slowed_ || owes_bytes(now, 0)) return;
    slowed_ = false;
    heard();
    if (!paused_) read();
}

void websocket_session::tick(base::steady_ms now) {
    // While it is not read from, nothing else notices that a write has failed.
    if (const auto why = box_.failure()) return finish(why);
    if (phase_ == phase::open) {
        read_again(now);
        check_life(now);
        return check_reads();
    }
    if (now >= deadline_) drop();
}

// Beast passes over empty fragments, so nothing above it sees them. They show in how often it
// reads.
void websocket_session::check_reads() {
    const base::allowance allowed = bytes_allowed();
    const std::uint32_t reads = box_.reads() - std::exchange(reads_seen_, box_.reads());
    if (allowed.burst == 0 || allowed.interval_ns == 0 ||
        reads <= allowed.burst / read_cost_bytes + reads_a_tick_spare)
        return;
    close(protocol::close_code::malformed, "far too many frames");
}

void websocket_session::close_logged(protocol::close_code code, std::string_view reason) {
    log::info("connection closed by the server", {{"connection", id_},
                                                  {"remote", remote_},
                                                  {"code", static_cast<std::uint16_t>(code)},
                                                  {"why", reason}});
    close(code, reason);
}

void websocket_session::check_life(base::steady_ms now) {
    constexpr base::time_us us_per_ms = 1000;
    if (box_.stalled(now * us_per_ms, limits::stalled_reader_ms * us_per_ms)) {
        connections_.counters().slow.add();
        return close_logged(protocol::close_code::slow, "nothing was read for 30 s");
    }
    // A peer that is not read from is alive if it reads.
    const auto written_at = box_.written_at();
    const base::steady_ms alive_at =
        paused_ && written_at ? std::max(heard_at_, *written_at / us_per_ms) : heard_at_;
    const base::steady_ms silence_ms = now - std::min(now, alive_at);
    if (silence_ms >= limits::silence_max_ms) {
        connections_.counters().idle.add();
        return close_logged(protocol::close_code::idle, "no sign of life for 60 s");
    }
    if (silence_ms < limits::ping_after_ms || pinged_) return;
    pinged_ = true;
    push(ping_frame(), true);
}

}  // namespace parley::net
