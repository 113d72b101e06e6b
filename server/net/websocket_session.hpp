// A WebSocket connection: whole messages in, frames out, signs of life, and a close with a reason.
// What the messages mean is up to the two classes that derive from it: chat_session and
// echo_session.
#pragma once

#include "server/base/clock.hpp"
#include "server/base/token_bucket.hpp"
#include "server/http/upgrade.hpp"
#include "server/net/connection.hpp"
#include "server/net/connection_set.hpp"
#include "server/net/outbox.hpp"
#include "server/net/tally.hpp"
#include "server/wire/frame.hpp"
#include "shared/protocol/codes.hpp"

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parley::net {

class websocket_session : public connection, public outbox::owner {
public:
    struct handshake_result {
        channel through;
        std::string early;  // bytes that came after the request
        http::upgrade upgrade;
        std::string remote;  // address, for the log
        std::string id;      // for the log
        net::tickets tickets;
    };

    ~websocket_session() override;

    // Answers the handshake, which was this request; `cookies`: values for Set-Cookie. REQUIRES:
    // the connection set keeps it.
    void accept(const std::string& request_id, std::vector<std::string> cookies);

    void tick(base::steady_ms now) override;
    void leave() override;
    void drop() override;

protected:
    websocket_session(handshake_result handshake, connection_set& connections,
                      std::size_t message_bytes_max, std::size_t backlog_bytes_max);

    virtual void opened() = 0;
    virtual void received_text(std::string_view text) = 0;
    virtual void received_binary(std::string_view bytes) = 0;
    virtual void drained() {}
    virtual bool falls_behind() { return false; }
    // Bytes that are read from the peer.
    virtual base::allowance bytes_allowed() const { return connections_.settings().bytes; }
    virtual void ended() {}

    void push(wire::shared_frame frames, bool prompt,
              outbox::content kind = outbox::content::other) {
        box_.push(std::move(frames), prompt, kind);
    }
    std::size_t queued_bytes() const { return box_.queued_bytes(); }
    bool is_overdue() const { return box_.is_overdue(); }
    outbox& box() { return box_; }
    void close(protocol::close_code code, std::string_view reason);

    // Whether permessage-deflate was negotiated.
    bool is_compressed() const { return !upgrade_.extension.empty(); }

    // A frame that is compressed if that was negotiated and makes it smaller.
    wire::shared_frame smallest_frame(wire::opcode kind, std::string_view payload);

    connection_set& connections_;
    const http::upgrade upgrade_;

private:
    struct beast_side;
    enum class phase : std::uint8_t { shaking_hands, open, closing, gone };

    std::shared_ptr<void> alive() override { return shared_from_this(); }
    void outbox_drained() override;
    bool outbox_overdue() override { return phase_ == phase::open && falls_behind(); }
    void outbox_given_up() override;

    void accepted(error_code error);
    void read();
    void read_done(error_code error, std::size_t bytes);
    void message_done(std::string_view message);
    void inflate(std::string_view message, bool binary);
    void deliver(std::string_view message, bool binary);
    void heard();
    void heard_control_frame();
    void read_again(base::steady_ms now);
    bool owes_bytes(base::steady_ms now, std::size_t read);
    void send_close();
    void finish(error_code why);
    void close_logged(protocol::close_code code, std::string_view reason);
    void check_life(base::steady_ms now);
    void check_reads();

    // The first bytes of a message are read into `head_`, those of a longer one into `rest_`, so
    // that an idle connection has no larger buffer.
    std::array<char, 256> head_;
    std::string rest_;
    std::size_t rest_bytes_ = 0;  // of rest_ that are filled

    const std::size_t message_bytes_max_;
    const std::size_t backlog_bytes_max_;  // with more queued for the peer, it is not read from
    const std::string remote_, id_;
    const net::tickets tickets_;
    base::token_bucket bytes_;
    base::token_bucket control_frames_;
    std::uint32_t reads_seen_ = 0;  // reads of the outbox until the last tick
    phase phase_ = phase::shaking_hands;
    bool reads_ = false;   // a read is pending
    bool paused_ = false;  // not read from until the outbox has drained
    bool slowed_ = false;  // not read from until it is within its allowance again
    bool pinged_ = false;  // since the last sign of life
    protocol::close_code closing_code_{};
    std::string closing_reason_;
    base::steady_ms heard_at_ = base::steady_clock_ms();
    base::steady_ms deadline_;  // of the handshake, or of the close
    std::unique_ptr<beast_side> beast_;
    outbox& box_;  // inside Beast's stream
};

}  // namespace parley::net
