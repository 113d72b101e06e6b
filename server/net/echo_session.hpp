// /echo: sends every message back as it came, text or binary. For those who write or test a client.
#pragma once

#include "server/net/websocket_session.hpp"

namespace parley::net {

class echo_session final : public websocket_session {
public:
    echo_session(handshake_result handshake, connection_set& connections);

private:
    base::allowance bytes_allowed() const override { return connections_.settings().echo_bytes(); }
    void opened() override {}
    void received_text(std::string_view text) override;
    void received_binary(std::string_view bytes) override;
};

}  // namespace parley::net
