// Bytes ready for the wire: a WebSocket frame as a server sends it (RFC 6455, section 5.2: not
// masked, so the same for everyone), immutable and shared by all who are owed it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace parley::wire {

using shared_frame = std::shared_ptr<const std::string>;

// The first byte of a frame, but for FIN. Compressed: with RSV1 (RFC 7692, section 6).
enum class opcode : std::uint8_t {
    text = 1,
    binary = 2,
    compressed_text = 0x41,
    compressed_binary = 0x42
};

// Appends header and payload, so that several frames can leave as one piece.
void append_frame(std::string& out, opcode kind, std::string_view payload);

shared_frame make_frame(opcode kind, std::string_view payload);

// REQUIRES: one frame, made here.
std::string_view payload_of(std::string_view frame);

}  // namespace parley::wire
