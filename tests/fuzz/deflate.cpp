// Compressed messages: what clients send is inflated within bounds, what the server compresses
// reads back as it was, and the marks of compressed frames are found alike however the stream is
// cut.
#include "server/wire/deflate.hpp"
#include "server/wire/incoming_frames.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/script.hpp"

#include <algorithm>
#include <string>
#include <string_view>

using namespace parley;
using fuzz::promise;

namespace {

constexpr std::size_t bytes_max = 20'000;

wire::deflate_counters counted;
wire::deflater compressor(counted);
wire::inflater decompressor;

using outcome = wire::inflater::outcome;

// REQUIRES: one frame of the server, unmasked.
std::string_view payload_of(std::string_view frame) {
    const auto byte = [&](std::size_t i) {
        return static_cast<std::size_t>(static_cast<unsigned char>(frame[i]));
    };
    const std::size_t head = byte(1) < 126 ? 2 : byte(1) == 126 ? 4 : 10;
    return frame.substr(head);
}

void check_foreign(std::string_view payload) {
    const auto found = decompressor.inflate(payload, bytes_max);
    promise(found.message.size() <= bytes_max + 1, "no more is inflated than may be");
    promise(found.verdict != outcome::whole || found.message.size() <= bytes_max,
            "what is whole is within the bound");
}

void check_own(std::string_view payload) {
    std::string frame;
    if (!compressor.append_frame(frame, wire::opcode::text, payload)) return;
    promise((frame[0] & 0x40) != 0, "a compressed frame is marked");
    promise(frame.size() < payload.size() + 10, "a compressed frame is shorter");
    const auto found = decompressor.inflate(payload_of(frame), payload.size());
    promise(found.verdict == outcome::whole && found.message == payload,
            "what was compressed reads back");
}

// The stream without its marks, taken in pieces of so many bytes.
std::string unmarked(std::string stream, std::size_t piece) {
    wire::incoming_frames marks(true);
    for (std::size_t at = 0; at < stream.size(); at += piece)
        marks.correct(stream.data() + at, std::min(piece, stream.size() - at));
    return stream;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::script input(data, size);
    const std::size_t piece = 1 + input.byte() % 40, times = 1 + input.byte() % 32;
    const std::string_view rest = input.rest();
    check_foreign(rest);
    std::string repeated;
    for (std::size_t i = 0; i < times; ++i) repeated += rest;
    check_own(repeated);
    promise(unmarked(std::string(rest), piece) == unmarked(std::string(rest), rest.size() + 1),
            "marks are found wherever a read begins and ends");
    return 0;
}
