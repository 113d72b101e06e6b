// The marks of compressed messages, in bytes that come in any pieces.
#include "server/net/compression_marks.hpp"

#include "tests/unit/catch.hpp"

#include <string>
#include <vector>

using namespace parley;
using mark = net::compression_marks::mark;

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
    std::vector<mark> marks;
};

passed pass(const std::string& all, std::size_t piece, std::size_t messages) {
    net::compression_marks marks;
    passed out{all, {}};
    for (std::size_t at = 0; at < all.size(); at += piece)
        marks.remove_from(out.bytes.data() + at, std::min(piece, all.size() - at));
    for (std::size_t i = 0; i < messages; ++i) out.marks.push_back(marks.take());
    CHECK(marks.take() == mark::none);
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
        CHECK(out.marks == std::vector<mark>{mark::text, mark::none, mark::binary, mark::none,
                                             mark::text, mark::text});
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
    net::compression_marks marks;
    std::string bytes = huge;
    marks.remove_from(bytes.data(), bytes.size());
    CHECK(marks.take() == mark::text);
}
