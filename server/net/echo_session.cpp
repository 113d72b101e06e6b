// While messages wait to go back, nothing more is read: a peer that does not read is not read from.
#include "server/net/echo_session.hpp"

#include "server/log/log.hpp"

namespace parley::net {

echo_session::echo_session(handshake_result handshake, connection_set& connections)
    : websocket_session(std::move(handshake), connections, connections.settings().echo_bytes_max,
                        connections.settings().outbox_bytes_max) {}

void echo_session::received_text(std::string_view text) {
    if (log::shows(log::level::debug)) log::debug("echo", {{"bytes", text.size()}, {"text", text}});
    push(smallest_frame(wire::opcode::text, text), true);
}

void echo_session::received_binary(std::string_view bytes) {
    if (log::shows(log::level::debug))
        log::debug("echo", {{"bytes", bytes.size()}, {"kind", "binary"}});
    push(smallest_frame(wire::opcode::binary, bytes), true);
}

}  // namespace parley::net
