// One unfragmented frame: FIN and opcode, the length in its shortest form, the payload.
#include "server/wire/frame.hpp"

namespace parley::wire {
namespace {

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
    while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes));
}

}  // namespace

void append_frame(std::string& out, opcode kind, std::string_view payload) {
    out += static_cast<char>(0x80 | static_cast<std::uint8_t>(kind));
    if (payload.size() < 126) {
        out += static_cast<char>(payload.size());
    } else if (payload.size() <= 0xFFFF) {
        out += static_cast<char>(126);
        append_big_endian(out, payload.size(), 2);
    } else {
        out += static_cast<char>(127);
        append_big_endian(out, payload.size(), 8);
    }
    out += payload;
}

shared_frame make_frame(opcode kind, std::string_view payload) {
    auto bytes = std::make_shared<std::string>();
    bytes->reserve(payload.size() + 10);
    append_frame(*bytes, kind, payload);
    return bytes;
}

std::string_view payload_of(std::string_view frame) {
    switch (frame[1]) {
        case 126: return frame.substr(4);
        case 127: return frame.substr(10);
        default: return frame.substr(2);
    }
}

}  // namespace parley::wire
