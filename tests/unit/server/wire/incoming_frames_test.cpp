// Compressed messages and close codes, in bytes that come in any pieces.
#include "server/wire/incoming_frames.hpp"

#include "tests/unit/catch.hpp"

#include <string>
#include <vector>

using namespace parley;
using kind = wire::incoming_frames::message_kind;

namespace {

// A frame with a mask (or without), whose payload looks like heads of compressed frames.
std::string frame(int first, std::size_t size, bool masked = true) {
    std::string out(1, static_cast<char>(first));
    const int bit = masked ? 0x80 : 0;
    if (size < 126) {
        out += static_cast<char>(bit | static_cast<int>(size));
    } else if (size <= 0xffff) {
        out += static_cast<char>(bit | 126);
        out += static_cast<char>(size >> 8);
        out += static_cast<char>(size);
    } else {
        out += static_cast<char>(bit | 127);
        for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift);
    }
    if (masked) out += "\xc1\xc1\xc2\xc2";
    return out + std::string(size, '\xc1');
}

struct passed {
    std::string bytes;
    std::vector<kind> kinds;
};

passed pass(const std::string& all, std::size_t piece, std::size_t messages) {
    wire::incoming_frames frames(true);
    passed out{all, {}};
    for (std::size_t at = 0; at < all.size(); at += piece)
        frames.correct(out.bytes.data() + at, std::min(piece, all.size() - at));
    for (std::size_t i = 0; i < messages; ++i) out.kinds.push_back(frames.take());
    CHECK(frames.take() == kind::uncompressed);
    return out;
}

const std::string key = "\x13\xf6\x88\x03";

std::string close_frame(unsigned code, const std::string& reason = "") {
    std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
    payload += reason;
    for (std::size_t i = 0; i < payload.size(); ++i)
        payload[i] = static_cast<char>(payload[i] ^ key[i % key.size()]);
    return "\x88" + std::string(1, static_cast<char>(0x80 | payload.size())) + key + payload;
}

std::string answer_with(unsigned code) {
    return {'\x88', 2, static_cast<char>(code >> 8), static_cast<char>(code)};
}

// What Beast reads of `sent`, and what leaves when it repeats that code.
struct read_close {
    std::string bytes, answer;
};

read_close close_with(std::string sent, unsigned repeated, std::size_t piece, bool compressed) {
    wire::incoming_frames frames(compressed);
    for (std::size_t at = 0; at < sent.size(); at += piece)
        frames.correct(sent.data() + at, std::min(piece, sent.size() - at));
    CHECK(frames.has_close());
    read_close out{std::move(sent), answer_with(repeated)};
    frames.correct_answer(out.answer);
    return out;
}

}  // namespace

TEST_CASE("a compressed message becomes a plain binary one, and its kind is remembered") {
    std::string all, expected;
    const auto add = [&](int from, int to, std::size_t size, bool masked = true) {
        all += frame(from, size, masked);
        expected += frame(to, size, masked);
    };
    add(0xc1, 0x82, 5);      // compressed text
    add(0x81, 0x81, 0);      // text
    add(0xc2, 0x82, 126);    // compressed binary
    add(0x82, 0x82, 65535);  // binary
    add(0x41, 0x02, 65536);  // compressed text, in three fragments
    add(0x89, 0x89, 125);    // a ping between them
    add(0x00, 0x00, 300);
    add(0x80, 0x80, 0);
    add(0xc1, 0x82, 0, false);
    for (const std::size_t piece : {all.size(), std::size_t{1}, std::size_t{2}, std::size_t{3},
                                    std::size_t{7}, std::size_t{1536}}) {
        const auto out = pass(all, piece, 6);
        CHECK(out.bytes == expected);
        CHECK(out.kinds == std::vector<kind>{kind::compressed_text, kind::uncompressed,
                                             kind::compressed_binary, kind::uncompressed,
                                             kind::compressed_text, kind::compressed_text});
    }
}

TEST_CASE("what only Beast can refuse stays as it is") {
    for (const int first : {0xc9, 0xc8, 0xc0, 0xca, 0xc3, 0xd9}) {
        INFO(first);
        CHECK(pass(frame(first, 3), 1000, 0).bytes == frame(first, 3));
    }
    CHECK(pass(frame(0xf1, 3), 1000, 1).bytes == frame(0xb2, 3));  // RSV2 and RSV3 are left
}

TEST_CASE("a length beyond all bounds does no harm") {
    const std::string huge = "\xc1\xff" + std::string(8, '\xff') + std::string(64, '\xc1');
    wire::incoming_frames frames(true);
    std::string bytes = huge;
    frames.correct(bytes.data(), bytes.size());
    CHECK(frames.take() == kind::compressed_text);
}

TEST_CASE("where nothing may be compressed, RSV1 stays and nothing is remembered") {
    wire::incoming_frames frames(false);
    std::string bytes = frame(0xc1, 5) + frame(0x82, 5);
    frames.correct(bytes.data(), bytes.size());
    CHECK(bytes == frame(0xc1, 5) + frame(0x82, 5));
    CHECK(frames.take() == kind::uncompressed);
    CHECK_FALSE(frames.has_close());
}

TEST_CASE("a close code that Beast judges wrongly is answered rightly, however it is cut") {
    const std::string before = frame(0x81, 300) + frame(0x89, 0);
    for (const bool compressed : {false, true})
        for (const std::size_t piece : {1u, 2u, 3u, 5u, 7u, 1536u}) {
            INFO(piece);
            const auto gateway =
                close_with(before + close_frame(1014, "why"), 1013, piece, compressed);
            CHECK(gateway.bytes == before + close_frame(1013, "why"));
            CHECK(gateway.answer == answer_with(1014));
            for (const unsigned code : {5000u, 5119u, 5120u, 65535u}) {
                const auto none = close_with(before + close_frame(code), code, piece, compressed);
                CHECK(none.bytes == before + close_frame(code));
                CHECK(none.answer == answer_with(1002));
            }
        }
}

TEST_CASE("other close codes, and what is no answer to a close, stay as they are") {
    for (const unsigned code : {0u, 1000u, 1012u, 1013u, 1015u, 3000u, 4999u}) {
        const auto same = close_with(close_frame(code), code, 1, false);
        CHECK(same.bytes == close_frame(code));
        CHECK(same.answer == answer_with(code));
    }
    // Only the first close counts, and a reason may look like a code.
    const std::string two = close_frame(1013, "\x03\xf6") + close_frame(1014);
    CHECK(close_with(two, 1013, 1, false).bytes == two);
    CHECK(close_with(two, 1013, 1, false).answer == answer_with(1013));
    CHECK(close_with(close_frame(1014), 1002, 1, false).answer == answer_with(1002));
    for (const std::string& sent : {std::string("\x88\x80", 2) + key, "\x88\x81" + key + "\x10"})
        CHECK(close_with(sent, 1000, 1, false).bytes == sent);
    wire::incoming_frames frames(false);
    for (const std::string& other : {std::string("\x8a\x02\xff\xff"), std::string("\x88\0", 2)}) {
        std::string written = other;
        frames.correct_answer(written);
        CHECK(written == other);
    }
}
