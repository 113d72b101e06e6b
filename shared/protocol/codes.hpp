// Error codes of answers and close codes of connections, with what a client does about each.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace parley::protocol {

enum class error_code : std::uint8_t {
    bad_frame,
    bad_field,
    unsupported,
    too_large,
    unauthenticated,
    forbidden,
    not_found,
    conflict,
    gone,
    read_only,
    limit,
    rate,
    busy,
    internal
};

struct error_meaning {
    std::string_view word;
    int http_status;
    bool retry;  // whether the same request may be sent again unchanged
    std::string_view doc;
};

// In the order of error_code.
inline constexpr std::array<error_meaning, 14> error_meanings{{
    {"bad_frame", 400, false, "not JSON, or not an object with a `type`"},
    {"bad_field", 400, false,
     "a field is missing, unknown, doubled, of the wrong kind, or beyond its limit"},
    {"unsupported", 404, false, "no such type here"},
    {"too_large", 413, false, "the frame is longer than `welcome.limits` allows"},
    {"unauthenticated", 401, false, "sign in first, or the name and password do not match"},
    {"forbidden", 403, false, "not yours to do"},
    {"not_found", 404, false, "no such room, message or session"},
    {"conflict", 409, false, "the name is taken, or the nonce was used with other content"},
    {"gone", 410, false, "it existed and was removed"},
    {"read_only", 403, false, "this room takes no messages"},
    {"limit", 403, false, "a count in `welcome.limits` is reached"},
    {"rate", 429, true, "too fast; again after `retry_ms`"},
    {"busy", 503, true, "the server cannot take it now; again after `retry_ms`"},
    {"internal", 500, true,
     "the server failed; whether it was done is not known: "
     "again with the same nonce"},
}};

constexpr const error_meaning& meaning_of(error_code code) {
    return error_meanings[static_cast<std::size_t>(code)];
}
constexpr std::string_view to_word(error_code code) { return meaning_of(code).word; }

// 1xxx: RFC 6455, section 7.4.1. 40xx: come back. 41xx: stop until a person does something.
enum class close_code : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    protocol_error = 1002,
    unsupported_data = 1003,
    bad_text = 1007,
    too_big = 1009,
    restart = 4000,
    slow = 4001,
    idle = 4002,
    overload = 4003,
    malformed = 4100,
    unauthenticated = 4101,
    signed_out = 4102,
    version = 4103,
    banned = 4104,
    too_many_connections = 4105
};

struct close_meaning {
    close_code code;
    std::string_view doc;
};

inline constexpr std::array<close_meaning, 10> close_meanings{{
    {close_code::restart, "the server restarts; come back"},
    {close_code::slow, "nothing was read for 30 s; come back"},
    {close_code::idle, "no sign of life for 60 s; come back"},
    {close_code::overload, "the server is overloaded; come back later"},
    {close_code::malformed, "ten malformed frames in a row, or far too many frames"},
    {close_code::unauthenticated, "sign in first"},
    {close_code::signed_out, "this session was signed out"},
    {close_code::version, "no common protocol version"},
    {close_code::banned, "no longer welcome"},
    {close_code::too_many_connections, "too many connections of one user"},
}};

constexpr bool may_come_back(std::uint16_t code) { return code < 4100 || code > 4199; }

}  // namespace parley::protocol
