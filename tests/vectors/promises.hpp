// The promises of the codec for every frame. Each function returns the promise that was broken, in
// one line, or null.
#pragma once

#include "shared/protocol/codec.hpp"
#include "shared/protocol/text.hpp"

#include <string>
#include <variant>

namespace parley::vectors {

// For a frame that was refused.
inline const char* broken_promise(const protocol::fault& fault) {
    const protocol::error answer = protocol::to_error(fault);
    if (protocol::validate(answer)) return "every fault makes a valid answer";
    const std::string bytes = protocol::encode(answer);
    const auto back = protocol::decode_notice(bytes);
    const auto* same = std::get_if<protocol::notice>(&back);
    return same && protocol::encode(*same) == bytes ? nullptr : "every answer can be read";
}

// For a frame that was accepted as `message`. `again` is the decoder of the frame.
template <class... Messages, class Decode>
const char* broken_promise(const std::variant<Messages...>& message, Decode again) {
    if (std::visit([](const auto& item) { return protocol::validate(item).has_value(); }, message))
        return "what is decoded is valid";
    const std::string bytes = protocol::encode(message);
    if (!protocol::is_utf8(bytes)) return "what is encoded is UTF-8";
    const protocol::decoded<std::variant<Messages...>> second = again(std::string_view(bytes));
    const auto* same = std::get_if<std::variant<Messages...>>(&second);
    if (!same) return "what is encoded can be decoded";
    return protocol::encode(*same) == bytes ? nullptr : "the canonical encoding is its own";
}

}  // namespace parley::vectors
