// Bytes <-> messages, by the declared tables. Decoding reads JSON (RFC 8259) straight into the
// message, validates all of it, and never throws; encoding is canonical: the same message gives the
// same bytes on both ends.
#pragma once

#include "shared/protocol/codes.hpp"
#include "shared/protocol/messages.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace parley::protocol {

// A mistake of the peer.
struct fault {
    error_code code{};
    std::string field{};                // the first field at fault; empty: the frame as a whole
    std::string message{};              // one line for people, at most explanation_bytes_max bytes
    std::optional<std::uint64_t> id{};  // of the request, when it could still be read

    bool operator==(const fault&) const = default;
};

template <class Message>
using decoded = std::variant<Message, fault>;

// Decodes a frame of the WebSocket. If it has several faults, the first one is reported; a frame
// that is not JSON is always `bad_frame`. Time and memory are linear in the frame. A frame longer
// than limits::frame_in_bytes_max (a notice: limits::frame_out_bytes_max) is `too_large`.
decoded<request> decode_request(std::string_view frame);
decoded<notice> decode_notice(std::string_view frame);

// Decodes a body of POST /api/1/<type>, where `type` and `id` are optional. An empty body counts as
// `{}`.
decoded<request> decode_request_body(std::string_view type, std::string_view body);
decoded<account_request> decode_account_request_body(std::string_view type, std::string_view body);

// What a ledger keeps of an event: the fields of its kind, as a canonical JSON object. Decoding
// takes what encoding wrote; fields that are not known are passed over. Nothing: the text is not
// such an object.
std::string encode_body(const event_body& body);
std::optional<event_body> decode_body(std::string_view kind, std::string_view text);

// The same of a personal record.
std::string encode_body(const personal_body& body);
std::optional<personal_body> decode_personal_body(std::string_view kind, std::string_view text);

// What a record of a kept kind weighs among all that a person keeps (limits::personal_bytes_max).
std::size_t personal_weight(const personal_body& body);

namespace detail {
std::string encode(const message_schema& schema, const void* message);
std::optional<fault> validate(const object_schema& schema, const void* object);
}  // namespace detail

// REQUIRES: the message is valid.
template <class Message>
std::string encode(const Message& message) {
    return detail::encode(message_of<Message>, &message);
}
template <class... Messages>
std::string encode(const std::variant<Messages...>& set) {
    return std::visit([](const auto& message) { return encode(message); }, set);
}

// Reports the first field that breaks its rule, by the same checks as decoding. Returns nothing
// when the message is valid.
template <class Message>
std::optional<fault> validate(const Message& message) {
    return detail::validate(schema_of<Message>, &message);
}

// The error that answers a fault.
error to_error(const fault& fault);

}  // namespace parley::protocol
