// Refusals are worded for people who write clients: they see the body when a handshake fails.
#include "server/http/upgrade.hpp"

#include "server/http/origin.hpp"
#include "server/http/tokens.hpp"
#include "shared/ensure.hpp"
#include "shared/protocol/messages.hpp"
#include "shared/protocol/names.hpp"
#include "shared/protocol/vocabulary.hpp"

#include <algorithm>

namespace parley::http {

namespace limits = protocol::limits;

namespace {

constexpr std::string_view default_room = protocol::lobby;

std::string sizes(std::size_t least, std::size_t most) {
    return std::to_string(least) + " to " + std::to_string(most) + " of a-z 0-9 . _ -";
}

// base64 of 16 bytes: 22 letters, of which the last carries 4 bits, and two of padding.
bool is_key(std::string_view key) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return key.size() == 24 && key.ends_with("==") &&
           key.substr(0, 22).find_first_not_of(letters) == std::string_view::npos &&
           letters.find(key[21]) % 16 == 0;
}

bool has_token_in(const request& request, std::string_view name, std::string_view token) {
    return std::any_of(request.headers.begin(), request.headers.end(), [&](const auto& field) {
        return field.first == name && has_token(field.second, token);
    });
}

std::size_t count_of(const request& request, std::string_view name) {
    return static_cast<std::size_t>(
        std::count_if(request.headers.begin(), request.headers.end(),
                      [&](const auto& field) { return field.first == name; }));
}

constexpr std::string_view needed_headers =
    "WebSocket needs HTTP/1.1 with the headers Upgrade: websocket and Connection: Upgrade; a proxy "
    "must pass them on (nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; "
    "proxy_set_header Connection upgrade;)";

response upgrade_required(std::string_view text) {
    response out = text_response(426, text);
    out.set("Upgrade", "websocket");
    out.set("Sec-WebSocket-Version", "13");
    return out;
}

std::optional<response> find_handshake_fault(const request& request) {
    if (request.method != "GET") {
        response out = text_response(405);
        out.set("Allow", "GET");
        return out;
    }
    if (request.version != http_1_1 || !has_token_in(request, "upgrade", "websocket") ||
        !has_token_in(request, "connection", "upgrade")) {
        response out = upgrade_required(needed_headers);
        // Proxies that drop Upgrade pass this header on: so a browser sent it.
        if (request.header("sec-websocket-key")) out.reason = needed_headers;
        return out;
    }
    if (request.header("sec-websocket-version") != "13")
        return upgrade_required("WebSocket version 13 is needed");
    if (count_of(request, "sec-websocket-key") != 1 ||
        !is_key(*request.header("sec-websocket-key")))
        return text_response(400, "Sec-WebSocket-Key must be 16 bytes in base64");
    return std::nullopt;
}

}  // namespace

bool is_upgrade_path(std::string_view path) { return path == "/ws" || path == "/echo"; }

std::variant<upgrade, response> plan_upgrade(const request& request,
                                             std::span<const std::string> trusted_origins) {
    ensure(is_upgrade_path(request.path()));
    if (auto fault = find_handshake_fault(request)) return std::move(*fault);
    if (!is_trusted(request, trusted_origins)) {
        std::string reason = explain_distrust(request);
        response out = text_response(403, reason);
        out.reason = std::move(reason);
        return out;
    }
    upgrade out{.key = std::string(*request.header("sec-websocket-key"))};
    if (request.path() == "/echo") {
        out.kind = wire_kind::echo;
        return out;
    }
    out.kind = has_token_in(request, "sec-websocket-protocol", protocol::subprotocol)
                   ? wire_kind::parley
                   : wire_kind::plain;
    const auto room = query_parameter(request.target, "room"),
               name = query_parameter(request.target, "name");
    out.room = room.present ? room.value : std::string(default_room);
    if (room.broken || !protocol::obeys(protocol::room_name, out.room))
        return text_response(400, "room: " + sizes(1, limits::room_name_bytes_max));
    if (!name.present) return out;
    if (name.broken || !protocol::obeys(protocol::user_name, protocol::bare_name(name.value)) ||
        !protocol::why_not_new_name(protocol::bare_name(name.value)).empty())
        return text_response(
            400, "name: " + sizes(limits::user_name_bytes_min, limits::user_name_bytes_max) +
                     "; it begins and ends with a letter or "
                     "digit and has no two signs in a row");
    out.name = protocol::guest_name(name.value);
    return out;
}

}  // namespace parley::http
