// UTF-8 by the table of RFC 3629, alphabets, and the two ways to shorten a text.
#include "shared/protocol/text.hpp"

#include "tests/unit/catch.hpp"

#include <string>

using namespace parley::protocol;
using namespace std::string_literals;

namespace {

std::string encoded(unsigned long c) {
    if (c < 0x80) return {char(c)};
    if (c < 0x800) return {char(0xC0 | c >> 6), char(0x80 | (c & 63))};
    if (c < 0x10000)
        return {char(0xE0 | c >> 12), char(0x80 | (c >> 6 & 63)), char(0x80 | (c & 63))};
    return {char(0xF0 | c >> 18), char(0x80 | (c >> 12 & 63)), char(0x80 | (c >> 6 & 63)),
            char(0x80 | (c & 63))};
}

}  // namespace

TEST_CASE("exactly the scalar values of Unicode are UTF-8") {
    unsigned long wrong = 0;
    for (unsigned long c = 0; c < 0x120000; ++c) {
        const bool scalar = c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
        if (is_utf8(encoded(c)) != scalar) ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE("the first character of a text is the one that was encoded") {
    unsigned long wrong = 0;
    for (unsigned long c = 0; c < 0x110000; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        const auto [code, bytes] = first_character(encoded(c) + "z");
        if (code != c || bytes != encoded(c).size()) ++wrong;
    }
    CHECK(wrong == 0);
    for (const std::string bad : {"\x80", "\xC2", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"})
        CHECK((first_character(bad).code == 0xFFFD && first_character(bad).bytes == 1));
}

TEST_CASE("the longest valid prefix ends before what is no UTF-8") {
    const auto bad =
        GENERATE(as<std::string>{}, "\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x7F",
                 "\xE0\x9F\xBF", "\xE1\x80", "\xE1\x80\xC0", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
                 "\xF1\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF");
    CHECK(valid_utf8_prefix(bad) == 0);
    CHECK(valid_utf8_prefix("aé€😀" + bad) == 10);
    CHECK(valid_utf8_prefix("aé€😀" + bad + "z") == 10);
}

TEST_CASE("a repaired text keeps every character and marks every other byte") {
    CHECK(repaired_utf8("aé€😀") == "aé€😀");
    CHECK(repaired_utf8("") == "");
    CHECK(repaired_utf8("é\xFF€\x80\x80z") == "é\uFFFD€\uFFFD\uFFFDz");
    CHECK(repaired_utf8("é\xE2\x82") == "é\uFFFD\uFFFD");
}

TEST_CASE("no prefix of a character is one") {
    for (const std::string whole : {"é", "€", "😀"})
        for (std::size_t bytes = 1; bytes < whole.size(); ++bytes) {
            CHECK_FALSE(is_utf8(whole.substr(0, bytes)));
            CHECK_FALSE(is_utf8(whole.substr(bytes)));
        }
    CHECK(is_utf8(""));
}

TEST_CASE("each alphabet takes its own letters of the first 256 and no others") {
    const auto in = [](std::string_view set, unsigned long c) {
        return c < 0x80 && set.find(char(c)) != std::string_view::npos;
    };
    const std::string lower = "abcdefghijklmnopqrstuvwxyz0123456789_-",
                      upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    for (unsigned long c = 0; c < 0x100; ++c) {
        const bool control = c < 0x20 || (c >= 0x7F && c < 0xA0);
        const std::string text = std::string("a").append(encoded(c)).append("a");
        INFO("U+" << std::hex << c);
        CHECK(spelled_in(text, alphabet::name) == in(lower + ".", c));
        CHECK(spelled_in(text, alphabet::token) == in(lower + upper, c));
        CHECK(spelled_in(text, alphabet::line) == !control);
        CHECK(spelled_in(text, alphabet::prose) == (!control || c == '\t' || c == '\n'));
        CHECK(spelled_in(text, alphabet::opaque) == (c != 0));
    }
}

TEST_CASE("letters beyond ASCII whose bytes look like controls are none") {
    for (const std::string text : {"\u00a0", "\u0400", "\u2085", "\u00c2", "😀"}) {
        CHECK(spelled_in(text, alphabet::line));
        CHECK(to_single_line(text) == text);
    }
}

TEST_CASE("a text becomes one line") {
    CHECK(to_single_line("hello\nthere\r\nyou") == "hello there  you");
    CHECK(to_single_line(" \t\n a b \r\n") == "a b");
    CHECK(to_single_line("a\u0085\u009fb\x7f" + "\0"s + "c") == "a  b  c");
    CHECK(to_single_line("é\u00a0€") == "é\u00a0€");
    CHECK(to_single_line(" \n\t ") == "");
    CHECK(to_single_line("") == "");
}

TEST_CASE("a text is cut between characters") {
    const std::string text = "aé€😀";
    const std::string_view cuts[] = {"",    "a",   "a",   "aé",  "aé",   "aé",
                                     "aé€", "aé€", "aé€", "aé€", "aé€😀", "aé€😀"};
    for (std::size_t bytes = 0; bytes < 12; ++bytes) CHECK(cut_utf8(text, bytes) == cuts[bytes]);
}

TEST_CASE("controls are those of ASCII, DEL, and U+0080 to U+009F in two bytes") {
    const std::string text = "a\x1f\x7f\xc2\x80\xc2\x9f\xc2\xa0\xc2";
    const std::size_t expected[] = {0, 1, 1, 2, 0, 2, 0, 0, 0, 0};
    for (std::size_t i = 0; i < text.size(); ++i) CHECK(control_bytes(text, i) == expected[i]);
}

TEST_CASE("a rule holds at its limits and not beyond") {
    const rule text{"text", value_kind::text, 2, 4, alphabet::line, "", ""};
    CHECK_FALSE(obeys(text, "a"));
    CHECK(obeys(text, "aa"));
    CHECK(obeys(text, "éé"));
    CHECK_FALSE(obeys(text, "ééa"));
    CHECK_FALSE(obeys(text, "aa\xC3"));
    const rule number{"number", value_kind::integer, 1, 9, alphabet::opaque, "", ""};
    CHECK_FALSE(obeys(number, std::uint64_t{0}));
    CHECK(obeys(number, std::uint64_t{1}));
    CHECK(obeys(number, std::uint64_t{9}));
    CHECK_FALSE(obeys(number, std::uint64_t{10}));
}
