// What an operator may set about the chat itself.
#pragma once

#include "shared/protocol/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace parley::chat {

struct settings {
    std::uint64_t send_burst = protocol::limits::send_burst;            // messages at once; 0: no limit
    std::uint64_t send_per_second = protocol::limits::send_per_second;  // after that; 0: no limit
    std::size_t outbox_bytes_max = 512 * 1024;  // queued for one connection; beyond it the connection is behind
    std::string nonce_prefix = "local";  // at most 16 of A-Z a-z 0-9 _ -, random for each shard and start of the server
};

// Beyond this share of its outbox a connection gets no typing signs, presence or heads.
inline constexpr std::size_t ephemeral_share = 8;

}  // namespace parley::chat
