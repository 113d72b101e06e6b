// All of Beast's WebSocket is here: it does the handshake, reads, answers pings and closes; it
// writes to the outbox.
#include "server/net/websocket_session.hpp"

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
using std::chrono::milliseconds;

namespace {

constexpr auto handshake_patience = milliseconds(10'000);
constexpr auto closing_patience = milliseconds(5'000);
constexpr std::size_t chunk_bytes_max = 16 * 1024;
constexpr std::size_t bytes_for_reading =
    256;  // counted for each read besides what it brought: so small ones count
constexpr std::uint32_t reads_a_tick_spare = 1000;
constexpr std::size_t reason_bytes_max =
    123;  // RFC 6455, section 5.5: a control frame holds 125 bytes

const chat::shared_frame& ping_frame() {
    static const auto frame = std::make_shared<const std::string>("\x89\x00", 2);
    return frame;
}

// What Beast needs to see again; the request itself was checked when it was planned.
beast::http::request<beast::http::empty_body> handshake_request(const http::upgrade& asked) {
    beast::http::request<beast::http::empty_body> out{beast::http::verb::get, "/", 11};
    out.set(beast::http::field::host, "parley");
    out.set(beast::http::field::connection, "upgrade");
    out.set(beast::http::field::upgrade, "websocket");
    out.set(beast::http::field::sec_websocket_version, "13");
    out.set(beast::http::field::sec_websocket_key, asked.key);
    return out;
}

chat::time_ms in_ms(connection::clock::time_point at) {
    return static_cast<chat::time_ms>(
        std::chrono::duration_cast<milliseconds>(at.time_since_epoch()).count());
}

}  // namespace

// Beast's own permessage-deflate is left out: until 2025 it ends good connections (Beast issue
// 3028), and it would hold 13 KB for each. Below Beast the marks of compressed messages are taken
// off; above it they are inflated.
struct websocket_session::wire {
    wire(bool compressed, channel through, std::string early, std::size_t bytes_max,
         flusher& writes, outbox::owner& of)
        : stream(compressed, std::move(through), std::move(early), bytes_max, writes, of) {}
    websocket::stream<corrected_stream, false> stream;
};

websocket_session::websocket_session(start begun, connection_set& connections,
                                     std::size_t message_bytes_max, std::size_t backlog_bytes_max)
    : connection(begun.asked.kind),
      connections_(connections),
      asked_(std::move(begun.asked)),
      message_bytes_max_(message_bytes_max),
      backlog_bytes_max_(backlog_bytes_max),
      from_(std::move(begun.from)),
      id_(std::move(begun.id)),
      tickets_(std::move(begun.tickets)),
      deadline_(clock::now() + handshake_patience),
      wire_(std::make_unique<wire>(is_compressed(), std::move(begun.through),
                                   std::move(begun.early), connections.settings().outbox_bytes_max,
                                   connections.writes(), *this)),
      box_(wire_->stream.next_layer().next_layer()) {
    if (is_compressed())
        connections.settings().compressed_connections->fetch_add(1, std::memory_order_relaxed);
    wire_->stream.read_message_max(is_compressed() ? chat::deflated_bytes_max(message_bytes_max)
                                                   : message_bytes_max);
    wire_->stream.control_callback(
        [this](websocket::frame_type, beast::string_view) { heard_control_frame(); });
}

websocket_session::~websocket_session() = default;

void websocket_session::accept(const std::string& request_id, std::vector<std::string> cookies) {
    const bool chosen = asked_.kind == http::wire_kind::parley;
    wire_->stream.set_option(
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
                response.set(beast::http::field::sec_websocket_extensions, asked_.extension);
        }));
    wire_->stream.async_accept(handshake_request(asked_),
                               [this, self = alive()](error_code error) { accepted(error); });
}

void websocket_session::accepted(error_code error) {
    if (phase_ == phase::gone) return;
    if (error) return finish(error);
    wire_->stream.set_option(websocket::stream_base::decorator([](websocket::response_type&) {}));
    const bool close_was_asked = phase_ == phase::closing;
    heard();
    if (close_was_asked) return send_close();
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
        return wire_->stream.async_read_some(boost::asio::buffer(head_), std::move(done));
    rest_.resize(rest_bytes_ + std::min(rest_bytes_, chunk_bytes_max));
    wire_->stream.async_read_some(boost::asio::buffer(rest_) + rest_bytes_, std::move(done));
}

void websocket_session::read_done(error_code error, std::size_t bytes) {
    reads_ = false;
    if (error) return finish(error);
    heard();
    const bool whole = wire_->stream.is_message_done();
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
    slowed_ = owes_bytes(heard_at_, bytes + bytes_for_reading) && phase_ == phase::open;
    if (slowed_) connections_.counters().slowed.add();
    if (!paused_ && !slowed_) read();
}

// A moment without reading, a second at most after what was allowed, needs no timer: the next tick
// ends it.
bool websocket_session::owes_bytes(clock::time_point now, std::size_t read) {
    return bytes_.spend(bytes_allowed(), in_ms(now), read) > 0;
}

// Every message comes by here, whether or not anyone wants it: each has a mark to be taken.
void websocket_session::message_done(std::string_view message) {
    const auto mark = wire_->stream.next_layer().frames().take();
    if (phase_ != phase::open)
        return;  // until the close is answered, what still comes is passed over
    if (mark == incoming_frames::mark::none) return deliver(message, wire_->stream.got_binary());
    inflate(message, mark == incoming_frames::mark::binary);
}

void websocket_session::inflate(std::string_view message, bool binary) {
    using outcome = chat::inflater::outcome;
    const auto inflated = connections_.decompressor().inflate(message, message_bytes_max_);
    if (inflated.how == outcome::broken)
        return close(protocol::close_code::bad_text, "not what deflate makes");
    if (inflated.how == outcome::too_big) return close(protocol::close_code::too_big, "too long");
    owes_bytes(heard_at_, inflated.message.size());  // it costs what it would have weighed
    deliver(inflated.message, binary);
}

void websocket_session::deliver(std::string_view message, bool binary) {
    // Beast's bound is that of compressed ones, where there may be some.
    if (message.size() > message_bytes_max_)
        return close(protocol::close_code::too_big, "too long");
    if (binary) return received_binary(message);
    // Beast 1.81 checks text too, but passes a fragmented one whose last fragment is empty.
    if (!protocol::is_utf8(message))
        return close(protocol::close_code::bad_text, "text must be UTF-8");
    received_text(message);
}

void websocket_session::heard() {
    heard_at_ = clock::now();
    pinged_ = false;
}

// One cannot be refused, and cannot be left unread without leaving messages unread. The close is
// posted because Beast is in the middle of the frame.
void websocket_session::heard_control_frame() {
    heard();
    if (phase_ != phase::open ||
        control_frames_.take(connections_.settings().control_frames, in_ms(heard_at_)) == 0)
        return;
    boost::asio::post(wire_->stream.get_executor(), [this, self = alive()] {
        close(protocol::close_code::malformed, "too many control frames");
    });
}

chat::shared_frame websocket_session::smallest_frame(chat::opcode kind, std::string_view payload) {
    return is_compressed() ? connections_.compressor().make_frame(kind, payload)
                           : chat::make_frame(kind, payload);
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
    deadline_ = clock::now() + closing_patience;
    closing_code_ = code;
    closing_reason_ = protocol::cut_utf8(reason, reason_bytes_max);
    if (may_send) send_close();
}

void websocket_session::send_close() {
    const websocket::close_reason why(static_cast<websocket::close_code>(closing_code_),
                                      closing_reason_);
    wire_->stream.async_close(why, [this, self = alive()](error_code error) {
        finish(error ? error : error_code(websocket::error::closed));
    });
}

void websocket_session::finish(error_code why) {
    if (phase_ == phase::gone) return;
    const bool expected =
        phase_ == phase::closing || why == websocket::error::closed || wire_->stream.reason();
    if (box_.failure()) why = box_.failure();
    if (!expected) connections_.counters().broken.add();
    if (expected)
        log::debug("connection closed", {{"connection", id_}, {"remote", from_}});
    else
        log::info("connection ended unexpectedly",
                  {{"connection", id_}, {"remote", from_}, {"why", why.message()}});
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

// Whoever comes back resumes from the log.
void websocket_session::outbox_given_up() {
    log::info("connection dropped: it reads nothing, and all that is unread is too much",
              {{"connection", id_}, {"remote", from_}, {"limit", "--outbox-total"}});
    drop();
}

void websocket_session::leave() { close(protocol::close_code::going_away, "the server stops"); }

// Once what it sent too fast is made up for.
void websocket_session::read_again(clock::time_point now) {
    if (!slowed_ || owes_bytes(now, 0)) return;
    slowed_ = false;
    heard();
    if (!paused_) read();
}

void websocket_session::tick(clock::time_point now) {
    // While it is not read from, nobody else notices that a write has failed.
    if (const auto why = box_.failure()) return finish(why);
    if (phase_ == phase::open) {
        read_again(now);
        check_life(now);
        return check_reads();
    }
    if (now >= deadline_) drop();
}

// Beast passes over empty fragments without a word, so that nothing above hears of them: they show
// in how often it reads.
void websocket_session::check_reads() {
    const chat::allowance of = bytes_allowed();
    const std::uint32_t reads = box_.reads() - std::exchange(reads_seen_, box_.reads());
    if (of.burst == 0 || of.interval_ns == 0 ||
        reads <= of.burst / bytes_for_reading + reads_a_tick_spare)
        return;
    close(protocol::close_code::malformed, "far too many frames");
}

void websocket_session::close_logged(protocol::close_code code, std::string_view reason) {
    log::info("connection closed by the server", {{"connection", id_},
                                                  {"remote", from_},
                                                  {"code", static_cast<std::uint16_t>(code)},
                                                  {"why", reason}});
    close(code, reason);
}

void websocket_session::check_life(clock::time_point now) {
    if (box_.stalled(now, milliseconds(limits::stalled_reader_ms))) {
        connections_.counters().slow.add();
        return close_logged(protocol::close_code::slow, "nothing was read for 30 s");
    }
    // Who is not read from cannot be heard: then it counts that it reads.
    const auto alive_at =
        paused_ ? std::max(heard_at_, box_.written_at().value_or(heard_at_)) : heard_at_;
    if (now - alive_at >= milliseconds(limits::silence_max_ms)) {
        connections_.counters().idle.add();
        return close_logged(protocol::close_code::idle, "no sign of life for 60 s");
    }
    if (now - alive_at < milliseconds(limits::ping_after_ms) || pinged_) return;
    pinged_ = true;
    push(ping_frame(), true);
}

}  // namespace parley::net
