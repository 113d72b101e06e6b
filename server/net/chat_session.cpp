// A frame that is a little too long is answered with `too_large`; one that is far too long ends the
// connection (1009).
#include "server/net/chat_session.hpp"

#include "server/base/clock.hpp"
#include "server/chat/conversation.hpp"
#include "shared/protocol/limits.hpp"

namespace parley::net {
namespace {

constexpr std::size_t message_bytes_max = 2 * protocol::limits::frame_in_bytes_max;

}  // namespace

chat_session::chat_session(handshake_result handshake, connection_set& connections,
                           std::optional<chat::identity> identity, std::uint64_t plain_entry)
    : websocket_session(std::move(handshake), connections, message_bytes_max,
                        2 * connections.settings().outbox_bytes_max),
      identity_(std::move(identity)),
      plain_entry_(plain_entry) {}

void chat_session::opened() {
    if (!identity_) return close(protocol::close_code::unauthenticated, "sign in first");
    if (!counts_with_others())
        return close(protocol::close_code::too_many_connections,
                     "too many connections of this user");
    chat::hub& hub = connections_.shard().hub();
    if (upgrade_.kind == http::wire_kind::parley)
        participant_ = hub.open_conversation(*identity_, *this);
    else
        participant_ = hub.open_plain(*identity_, upgrade_.room, plain_entry_, *this);
    identity_.reset();
}

// Names with a session are counted apart from names without one, so that nobody uses up the
// connections of another. Guests that chose no name are counted by their address alone.
bool chat_session::counts_with_others() {
    const bool proved = !identity_->session.empty();
    if (!proved && !upgrade_.name) return true;
    auto ticket = connections_.limits().by_user.take((proved ? "" : "?") + identity_->user);
    if (ticket) user_ticket_ = std::move(*ticket);
    return ticket.has_value();
}

void chat_session::received_text(std::string_view text) {
    if (participant_) participant_->receive(text, base::steady_clock_ms());
}

void chat_session::received_binary(std::string_view) {
    if (participant_) participant_->receive_binary();
}

void chat_session::drained() {
    if (participant_) participant_->drained();
}

bool chat_session::falls_behind() { return participant_ && participant_->fall_behind(); }

void chat_session::ended() {
    participant_.reset();
    user_ticket_.reset();
}

void chat_session::answer(std::string_view text) {
    websocket_session::push(wire::make_frame(wire::opcode::text, text), true);
}

void chat_session::answer_events(std::string_view text) {
    websocket_session::push(smallest_frame(wire::opcode::text, text), true);
}

void chat_session::tell_events(std::string_view text) {
    websocket_session::push(smallest_frame(wire::opcode::text, text), true,
                            outbox::content::events);
}

void chat_session::push(wire::shared_frame frames) {
    websocket_session::push(std::move(frames), false);
}

void chat_session::close(protocol::close_code code, std::string_view reason) {
    websocket_session::close(code, reason);
}

}  // namespace parley::net
