// Which letters a character has in a-z and 0-9.
#include "shared/unicode/latin.hpp"

#include "tests/unit/catch.hpp"

#include <string_view>

namespace parley::unicode {
namespace {

// With ? for what has no letters.
std::string spelled(std::u32string_view text) {
    std::string out;
    for (const char32_t code : text) out += latin_letters(code).value_or("?");
    return out;
}

}  // namespace

TEST_CASE("Latin letters lose their marks") {
    CHECK(spelled(U"aZ09") == "az09");
    CHECK(spelled(U"ÄÖÜäöüßẞ") == "aouaoussss");
    CHECK(spelled(U"ÆæŒœØøÅåÞþÐðĲĳ") == "aeaeoeoeooaaththddijij");
    CHECK(spelled(U"ŁłĐđŻżŐőĞğİıŞşȘșŋ") == "llddzzooggiissssng");
    CHECK(spelled(U"ÑñÇçÊêËëŸÿǅ") == "nncceeeeyydz");
    CHECK(spelled(U"ệỗựẾƠƯ") == "eoueou");
    CHECK(spelled(U"ɓɗɛɔƏə") == "bdeoee");
    CHECK(spelled(U"ﬁﬃﬆＡｚ０９ªº") == "fiffistaz09ao");
}

TEST_CASE("a combining mark says nothing by itself") {
    CHECK(spelled(U"u\u0308e\u0301\u0302") == "ue");
}

TEST_CASE("other scripts, symbols and what is no character have no Latin letters") {
    CHECK(spelled(U"жЖαא日ひ한ก١") == "?????????");
    CHECK(spelled(U" .-_’“！・×÷€🎉") == "????????????");
    CHECK(spelled(std::u32string{0, 0x7F, 0x80, 0xFFFD, 0x10FFFF, 0x110000}) == "??????");
}

}  // namespace parley::unicode
