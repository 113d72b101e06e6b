// Refusals are worded for whoever writes a client: they see the body when their handshake fails.
#include "server/http/upgrade.hpp"

#include "server/http/origin.hpp"
#include "server/http/tokens.hpp"
#include "shared/protocol/messages.hpp"
#include "shared/protocol/names.hpp"
#include "shared/protocol/vocabulary.hpp"

#include <algorithm>

namespace parley::http {
namespace {

constexpr std::string_view default_room = protocol::lobby;

// base64 of 16 bytes: 22 letters, of which the last carries 4 bits, and two of padding.
bool is_key(std::string_view key) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return key.size() == 24 && key.ends_with("==") &&
           key.substr(0, 22).find_first_not_of(letters) == std::string_view::npos &&
           letters.find(key[21]) % 16 == 0;
}

bool has_token_in(const request& asked, std::string_view name, std::string_view token) {
    return std::any_of(asked.headers.begin(), asked.headers.end(), [&](const auto& field) {
        return field.first == name && has_token(field.second, token);
    });
}

std::size_t count_of(const request& asked, std::string_view name) {
    return static_cast<std::size_t>(
        std::count_if(asked.headers.begin(), asked.headers.end(),
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

std::optional<response> find_handshake_fault(const request& asked) {
    if (asked.method != "GET") {
        response out = text_response(405);
        out.set("Allow", "GET");
        return out;
    }
    if (asked.version != http_1_1 || !has_token_in(asked, "upgrade", "websocket") ||
        !has_token_in(asked, "connection", "upgrade")) {
        response out = upgrade_required(needed_headers);
        // What a browser sends beside the headers that went missing, and proxies let through.
        if (asked.header("sec-websocket-key")) out.reason = needed_headers;
        return out;
    }
    if (asked.header("sec-websocket-version") != "13")
        return upgrade_required("WebSocket version 13 is needed");
    if (count_of(asked, "sec-websocket-key") != 1 || !is_key(*asked.header("sec-websocket-key")))
        return text_response(400, "Sec-WebSocket-Key must be 16 bytes in base64");
    return std::nullopt;
}

}  // namespace

bool is_upgrade_path(std::string_view path) { return path == "/ws" || path == "/echo"; }

std::variant<upgrade, response> plan_upgrade(const request& asked,
                                             std::span<const std::string> trusted_origins) {
    if (auto fault = find_handshake_fault(asked)) return std::move(*fault);
    if (!is_trusted(asked, trusted_origins)) {
        std::string reason = explain_distrust(asked);
        response out = text_response(403, reason);
        out.reason = std::move(reason);
        return out;
    }
    upgrade out{.key = std::string(*asked.header("sec-websocket-key"))};
    if (asked.path() == "/echo") {
        out.kind = wire_kind::echo;
        return out;
    }
    out.kind = has_token_in(asked, "sec-websocket-protocol", protocol::subprotocol)
                   ? wire_kind::parley
                   : wire_kind::plain;
    const auto room = query_parameter(asked.target, "room"),
               name = query_parameter(asked.target, "name");
    out.room = room.present ? room.value : std::string(default_room);
    if (room.broken || !protocol::obeys(protocol::room_name, out.room))
        return text_response(400, "room: 1 to 64 of a-z 0-9 . _ -");
    if (!name.present) return out;
    if (name.broken || !protocol::obeys(protocol::user_name, protocol::bare_name(name.value)) ||
        !protocol::why_not_new_name(protocol::bare_name(name.value)).empty())
        return text_response(400,
                             "name: 2 to 32 of a-z 0-9 . _ -; it begins and ends with a letter or "
                             "digit and has no two signs in a row");
    out.name = protocol::guest_name(name.value);
    return out;
}

}  // namespace parley::http
