// /ws: carries a participant's messages between its peer and the shard's hub.
#pragma once

#include "server/chat/participant.hpp"
#include "server/chat/peer.hpp"
#include "server/net/websocket_session.hpp"

#include <memory>
#include <optional>

namespace parley::net {

class chat_session final : public websocket_session, private chat::peer {
public:
    // `identity`: nothing when the server allows no guests and the peer has no session; then it is
    // closed and asked to sign in. `plain_entry`: where a connection of plain text enters its room.
    chat_session(handshake_result handshake, connection_set& connections,
                 std::optional<chat::identity> identity, std::uint64_t plain_entry);

private:
    bool counts_with_others();
    void opened() override;
    void received_text(std::string_view text) override;
    void received_binary(std::string_view bytes) override;
    void drained() override;
    bool falls_behind() override;
    void ended() override;

    void answer(std::string_view text) override;
    void answer_events(std::string_view text) override;
    void tell_events(std::string_view text) override;
    bool takes_deflated() const override { return is_compressed(); }
    void push(wire::shared_frame frames) override;
    chat::sink& outlet() override { return box(); }
    std::size_t queued_bytes() const override { return websocket_session::queued_bytes(); }
    bool is_full() const override { return is_overdue(); }
    void close(protocol::close_code code, std::string_view reason) override;

    std::optional<chat::identity> identity_;  // until the handshake is done
    const std::uint64_t plain_entry_;
    tally::ticket user_ticket_;  // among the connections of its user
    std::shared_ptr<chat::participant> participant_;
};

}  // namespace parley::net
