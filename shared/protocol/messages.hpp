// EVERY message of the protocol `parley.1`. Each is declared once, in the files below, and
// `shared/PROTOCOL.md` is generated from these declarations. On the WebSocket a message is one text
// frame: a JSON object with its `type`.
#pragma once

#include "shared/protocol/account_requests.hpp"
#include "shared/protocol/durable_requests.hpp"
#include "shared/protocol/notices.hpp"
#include "shared/protocol/requests.hpp"

#include <string_view>
#include <utility>
#include <variant>

namespace parley::protocol {

inline constexpr std::string_view subprotocol = "parley.1";

namespace detail {
template <class... Some, class... Others>
std::variant<Some..., Others...> joined_sets(std::variant<Some...>, std::variant<Others...>);
}

using request =
    decltype(detail::joined_sets(std::declval<passing_request>(), std::declval<durable_request>()));
using account_request =
    std::variant<sign_up, sign_in, sign_in_guest, sign_out, list_sessions, revoke_session, whoami>;
using notice =
    std::variant<welcome, events, page, head, person, typing_sign, presence, ok, error, bye>;

}  // namespace parley::protocol
