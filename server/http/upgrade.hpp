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
    std::string room{};                  // plain: where it talks
    std::optional<std::string> name{};   // that a guest asked for with ?name=
    std::string extension{};  // what to answer in Sec-WebSocket-Extensions; empty: nothing
};

// Whether the path is one of a WebSocket.
bool is_upgrade_path(std::string_view path);

// RFC 6455, section 4.2.1, then the origin, then the query. REQUIRES:
// is_upgrade_path(asked.path()).
std::variant<upgrade, response> plan_upgrade(const request& asked,
                                             std::span<const std::string> trusted_origins);

}  // namespace parley::http
