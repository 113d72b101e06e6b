// EVERY message of the protocol `parley.1`. Each is declared once, in the files below, and
// `shared/PROTOCOL.md` is generated from these declarations. On the WebSocket a message is one text
// frame: a JSON object with its `type`.
#pragma once

#include "shared/protocol/account_requests.hpp"
#include "shared/protocol/notices.hpp"
#include "shared/protocol/requests.hpp"

#include <string_view>
#include <variant>

namespace parley::protocol {

inline constexpr std::string_view subprotocol = "parley.1";

using request = std::variant<hello, subscribe, unsubscribe, send, edit, delete_message, react,
                             versions, history, catch_up, counts, create_room, open_direct, join,
                             leave, list_rooms, typing, mark, ping>;
using account_request =
    std::variant<sign_up, sign_in, sign_in_guest, sign_out, list_sessions, revoke_session, whoami>;
using notice =
    std::variant<welcome, events, page, head, person, typing_sign, presence, ok, error, bye>;

}  // namespace parley::protocol
