// What the codec promises for any frame whatever, as one line that names the promise that was
// broken; null: none.
#pragma once

#include "shared/protocol/codec.hpp"
#include "shared/protocol/text.hpp"

#include <string>
#include <variant>

namespace parley::vectors {

// Of a frame that was refused.
inline const char* broken_promise(const protocol::fault& found) {
    const protocol::error answer = protocol::to_error(found);
    if (protocol::validate(answer)) return "every fault makes a valid answer";
    const std::string bytes = protocol::encode(answer);
    const auto back = protocol::decode_notice(bytes);
    const auto* same = std::get_if<protocol::notice>(&back);
    return same && protocol::encode(*same) == bytes ? nullptr : "every answer can be read";
}

// Of a frame that was accepted as `message`, one of a set; `again` decodes, as the frame was
// decoded.
template <class... Messages, class Decode>
const char* broken_promise(const std::variant<Messages...>& message, Decode again) {
    if (std::visit([](const auto& one) { return protocol::validate(one).has_value(); }, message))
        return "what is decoded is valid";
    const std::string bytes = protocol::encode(message);
    if (!protocol::is_utf8(bytes)) return "what is encoded is UTF-8";
    const protocol::decoded<std::variant<Messages...>> second = again(std::string_view(bytes));
    const auto* same = std::get_if<std::variant<Messages...>>(&second);
    if (!same) return "what is encoded can be decoded";
    return protocol::encode(*same) == bytes ? nullptr : "the canonical encoding is its own";
}

}  // namespace parley::vectors
