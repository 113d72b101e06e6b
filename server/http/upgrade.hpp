// Whether a request may become a WebSocket, and what kind of connection it asks for.
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/http/wire_kind.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace parley::http {

struct upgrade {
    wire_kind kind = wire_kind::parley;  // never `http`
    std::string key{};                   // Sec-WebSocket-Key
    std::string room{};                  // of a plain connection
    std::optional<std::string> name{};   // of a guest, from ?name=
    std::string extension{};             // Sec-WebSocket-Extensions of the answer; empty: none
};

// Whether WebSockets connect to this path.
bool is_upgrade_path(std::string_view path);

// Checks the handshake (RFC 6455, section 4.2.1), then the origin, then the query. REQUIRES:
// is_upgrade_path(request.path()).
std::variant<upgrade, response> plan_upgrade(const request& request,
                                             std::span<const std::string> trusted_origins);

}  // namespace parley::http
