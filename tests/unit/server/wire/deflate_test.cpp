// Compressed messages: RFC 7692's own examples, what is not worth it, what is broken, and bombs.
#include "server/wire/deflate.hpp"

#include "tests/unit/catch.hpp"

#include <random>
#include <string>

using namespace parley;
using outcome = wire::inflater::outcome;

namespace {

std::string bytes(std::initializer_list<int> values) {
    std::string out;
    for (const int value : values) out += static_cast<char>(value);
    return out;
}

std::string inflated(wire::inflater& by, const std::string& payload,
                     std::size_t bytes_max = 1 << 20) {
    const auto result = by.inflate(payload, bytes_max);
    if (result.verdict == outcome::broken) return "(broken)";
    if (result.verdict == outcome::too_big) return "(too big)";
    return std::string(result.message);
}

// What prose shrinks like: words of a small dictionary.
std::string prose(std::size_t size, unsigned seed = 1) {
    std::mt19937 random(seed);
    std::string out;
    while (out.size() < size) {
        const std::size_t letters = 2 + random() % 7;
        std::minstd_rand word(static_cast<unsigned>(1 + random() % 200));  // quick to seed
        for (std::size_t i = 0; i < letters; ++i) out += static_cast<char>('a' + word() % 26);
        out += ' ';
    }
    out.resize(size);
    return out;
}

std::string noise(std::size_t size) {
    std::mt19937 random(7);
    std::string out;
    while (out.size() < size) out += static_cast<char>(random());
    return out;
}

struct compressing {
    wire::deflate_counters counted;
    wire::deflater by{counted};

    // The payload of a compressed frame; empty when it was not compressed.
    std::string payload_of(const std::string& text) {
        const auto frame = by.make_frame(wire::opcode::text, text);
        const bool compressed = (*frame)[0] == '\xc1';
        if (!compressed) CHECK(*frame == *wire::make_frame(wire::opcode::text, text));
        const auto length = static_cast<unsigned char>((*frame)[1]);
        return compressed ? frame->substr(length < 126 ? 2 : length == 126 ? 4 : 10) : "";
    }
};

}  // namespace

TEST_CASE("the examples of RFC 7692 are read") {
    wire::inflater by;
    CHECK(inflated(by, bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})) == "Hello");  // 7.2.3.1
    CHECK(inflated(by, bytes({0x00, 0x05, 0x00, 0xfa, 0xff, 'H', 'e', 'l', 'l', 'o', 0x00})) ==
          "Hello");  // 7.2.3.3
    CHECK(inflated(by, bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00})) ==
          "Hello");  // 7.2.3.4
    CHECK(inflated(by, bytes({0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9,
                              0x07, 0x00})) == "Hello");  // 7.2.3.5
    CHECK(inflated(by, bytes({0x00})) == "");             // 7.2.3.6
}

TEST_CASE("a message that refers to the one before it is broken: no window is kept") {
    wire::inflater by;
    CHECK(inflated(by, bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})) == "Hello");
    CHECK(inflated(by, bytes({0xf2, 0x00, 0x11, 0x00, 0x00})) == "(broken)");  // 7.2.3.2
    CHECK(inflated(by, bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00})) == "Hello");
}

TEST_CASE("what deflate does not make is broken, wherever it is cut") {
    wire::inflater by;
    compressing from;
    const std::string good = from.payload_of(prose(600));
    REQUIRE_FALSE(good.empty());
    CHECK(inflated(by, good) == prose(600));
    for (std::size_t size = 0; size < good.size(); ++size) {
        INFO(size);
        CHECK(inflated(by, good.substr(0, size)) != prose(600));
    }
    CHECK(inflated(by, "") == "(broken)");
    CHECK(inflated(by, good.substr(0, good.size() / 2)) == "(broken)");
    CHECK(inflated(by, bytes({0x07})) == "(broken)");  // a kind of block that there is not
    CHECK(inflated(by, noise(600)) == "(broken)");
    CHECK(inflated(by, good) == prose(600));
}

TEST_CASE("what is compressed comes back, at every length and of every kind") {
    compressing from;
    wire::inflater by;
    for (std::size_t size = wire::deflate_bytes_min; size < 9000; size += size < 3300 ? 1 : 37) {
        const std::string text = prose(size, static_cast<unsigned>(size));
        const std::string payload = from.payload_of(text);
        REQUIRE_FALSE(payload.empty());
        REQUIRE(payload.size() < size);
        REQUIRE(inflated(by, payload) == text);
    }
    for (const std::size_t size : {65535, 65536, 262144})
        CHECK(inflated(by, from.payload_of(prose(size))) == prose(size));
}

TEST_CASE("a short message is not compressed, nor one that would not become shorter") {
    compressing from;
    CHECK(from.payload_of(prose(wire::deflate_bytes_min - 1)).empty());
    CHECK(from.payload_of(noise(5000)).empty());
    CHECK(from.counted.frames.value() == 0);
    CHECK_FALSE(from.payload_of(prose(wire::deflate_bytes_min)).empty());
    CHECK(from.counted.frames.value() == 1);
    CHECK(from.counted.bytes_before.value() == wire::deflate_bytes_min);
    CHECK(from.counted.bytes_after.value() < wire::deflate_bytes_min);
}

TEST_CASE("a bomb is stopped at the limit, and the next message is read as ever") {
    compressing from;
    const std::string bomb = from.payload_of(std::string(64 << 20, 'x'));
    REQUIRE(bomb.size() < 1 << 20);
    wire::inflater by;
    CHECK(inflated(by, bomb, 65536) == "(too big)");
    CHECK(inflated(by, from.payload_of(prose(65536)), 65536) == prose(65536));
    CHECK(inflated(by, from.payload_of(prose(65537)), 65536) == "(too big)");
    CHECK(inflated(by, from.payload_of(std::string(65536, 'x')), 65536) == std::string(65536, 'x'));
    CHECK(inflated(by, from.payload_of(std::string(65537, 'x')), 65536) == "(too big)");
}
