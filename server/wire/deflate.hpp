// Compressed messages (permessage-deflate, RFC 7692), each by itself: none refers to one before it,
// so that the same bytes serve everyone, a connection keeps no state of zlib's, and one of these
// serves a whole thread.
//
// What may be compressed: length tells an eavesdropper something about the content once a secret
// and a text that he chose share a message (CRIME, BREACH). So only what all readers of one room
// read alike is compressed: its events. Whoever can write there reads them anyway. Lists of rooms,
// where names that are private stand beside titles that anybody may choose, and answers of any
// other kind are not. Tokens and passwords never travel in a WebSocket.
#pragma once

#include "server/wire/deflate_counters.hpp"
#include "server/wire/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace parley::wire {

// Shorter messages are not compressed. Measured with prose in `events` frames: 220 bytes shrink to
// 0.78 and 280 to 0.75, which saves no packet; 560 shrink to 0.66 and 15 us are spent once.
inline constexpr std::size_t deflate_bytes_min = 512;

// A byte takes at most nine bits in the worst block that deflate makes, one of fixed codes (RFC
// 1951, section 3.2.6).
constexpr std::size_t deflated_bytes_max(std::size_t bytes) { return bytes + bytes / 8 + 64; }

class deflater {
public:
    explicit deflater(deflate_counters& counted) : counted_(counted) {}

    // Appends one frame: compressed when the payload is long enough and becomes shorter by it.
    // True: it was.
    bool append_frame(std::string& out, opcode kind, std::string_view payload);

    shared_frame make_frame(opcode kind, std::string_view payload);

private:
    struct end {
        void operator()(z_stream_s* stream) const;
    };
    std::string_view deflate(std::string_view payload);

    deflate_counters& counted_;
    std::unique_ptr<z_stream_s, end> stream_;  // 268 KB, from its first use on
    std::string buffer_;
};

class inflater {
public:
    enum class outcome : std::uint8_t { whole, broken, too_big };
    struct result {
        outcome verdict;
        std::string_view message;  // until the next call
    };

    // Never makes more than bytes_max + 1 bytes of it.
    result inflate(std::string_view payload, std::size_t bytes_max);

private:
    struct end {
        void operator()(z_stream_s* stream) const;
    };
    bool feed(std::string_view piece);

    std::unique_ptr<z_stream_s, end> stream_;  // 40 KB, from its first use on
    std::string buffer_;
};

}  // namespace parley::wire
