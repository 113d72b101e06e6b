// Commands of tests, in one line each.
#pragma once

#include "server/chat/ledger.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace parley::test {

using optional_text = std::optional<std::string>;

inline chat::authored<protocol::send> send(const std::string& room, const chat::identity& by,
                                           const std::string& nonce, const std::string& text,
                                           std::optional<std::uint64_t> reply_to = {}) {
    return {{.room = room, .nonce = nonce, .text = text, .reply_to = reply_to}, by};
}

inline chat::authored<protocol::edit> edit(const std::string& room, const chat::identity& by,
                                           const std::string& nonce, std::uint64_t target,
                                           std::uint64_t base, const std::string& text) {
    return {{.room = room, .nonce = nonce, .target = target, .base = base, .text = text}, by};
}

inline chat::authored<protocol::delete_message> deletion(const std::string& room,
                                                         const chat::identity& by,
                                                         const std::string& nonce,
                                                         std::uint64_t target,
                                                         const optional_text& reason = {}) {
    return {{.room = room, .nonce = nonce, .target = target, .reason = reason}, by};
}

inline chat::authored<protocol::react> reaction(const std::string& room, const chat::identity& by,
                                                const std::string& nonce, std::uint64_t target,
                                                const std::string& emoji, bool on) {
    return {{.room = room, .nonce = nonce, .target = target, .emoji = emoji, .on = on}, by};
}

inline chat::authored<protocol::pin> pin(const std::string& room, const chat::identity& by,
                                         const std::string& nonce, std::uint64_t target, bool on) {
    return {{.room = room, .nonce = nonce, .target = target, .on = on}, by};
}

inline chat::authored<protocol::create_room> create_room(const std::string& room,
                                                         const std::string& title,
                                                         const chat::identity& by,
                                                         const optional_text& nonce = {}) {
    return {{.room = room, .title = title, .nonce = nonce}, by};
}

inline chat::authored<protocol::join> join(const std::string& room, const chat::identity& by,
                                           const optional_text& nonce = {}) {
    return {{.room = room, .nonce = nonce}, by};
}

inline chat::authored<protocol::leave> leave(const std::string& room, const chat::identity& by,
                                             const optional_text& nonce = {}) {
    return {{.room = room, .nonce = nonce}, by};
}

inline chat::authored<protocol::mark> mark(const std::string& room, const chat::identity& by,
                                           std::uint64_t seq) {
    return {{.room = room, .seq = seq}, by};
}

}  // namespace parley::test
