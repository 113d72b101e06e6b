// The error codes of answers and the close codes of connections, with the client's duty for each.
#pragma once

#include "shared/ensure.hpp"
#include "shared/protocol/limits.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
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
    internal  // stays the last: the table below is checked against it
};

struct error_meaning {
    error_code code;
    std::string_view word;
    int http_status;
    bool retry;  // whether the same request may be sent again unchanged
    std::string_view doc;
};

// One row for each code, in the order of the codes.
inline constexpr std::array error_meanings{
    error_meaning{.code = error_code::bad_frame,
                  .word = "bad_frame",
                  .http_status = 400,
                  .retry = false,
                  .doc = "not JSON, or not an object with a `type`"},
    error_meaning{
        .code = error_code::bad_field,
        .word = "bad_field",
        .http_status = 400,
        .retry = false,
        .doc = "a field is missing, unknown, doubled, of the wrong kind, or beyond its limit"},
    error_meaning{.code = error_code::unsupported,
                  .word = "unsupported",
                  .http_status = 404,
                  .retry = false,
                  .doc = "no such type here"},
    error_meaning{.code = error_code::too_large,
                  .word = "too_large",
                  .http_status = 413,
                  .retry = false,
                  .doc = "the frame is longer than `welcome.limits` allows"},
    error_meaning{.code = error_code::unauthenticated,
                  .word = "unauthenticated",
                  .http_status = 401,
                  .retry = false,
                  .doc = "sign in first, or the name and password do not match"},
    error_meaning{.code = error_code::forbidden,
                  .word = "forbidden",
                  .http_status = 403,
                  .retry = false,
                  .doc = "you have no right to do this"},
    error_meaning{.code = error_code::not_found,
                  .word = "not_found",
                  .http_status = 404,
                  .retry = false,
                  .doc = "no such room, message or session"},
    error_meaning{.code = error_code::conflict,
                  .word = "conflict",
                  .http_status = 409,
                  .retry = false,
                  .doc = "the name is taken, or the nonce was used with other content"},
    error_meaning{.code = error_code::gone,
                  .word = "gone",
                  .http_status = 410,
                  .retry = false,
                  .doc = "it existed and was removed"},
    error_meaning{.code = error_code::read_only,
                  .word = "read_only",
                  .http_status = 403,
                  .retry = false,
                  .doc = "this room takes no messages"},
    error_meaning{.code = error_code::limit,
                  .word = "limit",
                  .http_status = 403,
                  .retry = false,
                  .doc = "a count in `welcome.limits` is reached"},
    error_meaning{.code = error_code::rate,
                  .word = "rate",
                  .http_status = 429,
                  .retry = true,
                  .doc = "too fast; again after `retry_ms`"},
    error_meaning{.code = error_code::busy,
                  .word = "busy",
                  .http_status = 503,
                  .retry = true,
                  .doc = "the server cannot take it now; again after `retry_ms`"},
    error_meaning{.code = error_code::internal,
                  .word = "internal",
                  .http_status = 500,
                  .retry = true,
                  .doc = "the server failed; whether it was done is not known: "
                         "again with the same nonce"},
};

namespace detail {
constexpr bool every_code_has_its_row() {
    for (std::size_t i = 0; i < error_meanings.size(); ++i)
        if (error_meanings[i].code != static_cast<error_code>(i)) return false;
    return error_meanings.size() == static_cast<std::size_t>(error_code::internal) + 1;
}
static_assert(every_code_has_its_row(), "error_meanings and error_code differ");
}  // namespace detail

constexpr const error_meaning& meaning_of(error_code code) {
    const auto index = static_cast<std::size_t>(code);
    ensure(index < error_meanings.size());
    return error_meanings[index];
}
constexpr std::string_view to_word(error_code code) { return meaning_of(code).word; }

// The code of a word that came from a server; nothing when the word is not known here.
constexpr std::optional<error_code> code_of(std::string_view text) {
    for (const error_meaning& meaning : error_meanings)
        if (meaning.word == text) return meaning.code;
    return std::nullopt;
}

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

static_assert(limits::stalled_reader_ms == 30'000 && limits::silence_max_ms == 60'000 &&
                  limits::bad_frames_in_a_row_max == 10,
              "close_meanings says these numbers in words");

constexpr bool may_come_back(std::uint16_t code) { return code < 4100 || code > 4199; }

}  // namespace parley::protocol
