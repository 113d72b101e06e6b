// What a link does before a character: the right values are Unicode's, written down by hand.
#include "shared/unicode/link_boundary.hpp"

#include "tests/unit/catch.hpp"

#include <string_view>

namespace parley::unicode {
namespace {

// The characters that are not of this kind.
std::u32string others(std::u32string_view all, link_boundary wanted) {
    std::u32string out;
    for (const char32_t code : all)
        if (link_boundary_of(code) != wanted) out += code;
    return out;
}

}  // namespace

TEST_CASE("quotation marks, East Asian punctuation and unseen characters end a link at once") {
    CHECK(others(U"“”‟«»‹›〞〟", link_boundary::hard).empty());
    CHECK(others(U"、。！？，：；．｡､", link_boundary::hard).empty());
    CHECK(others(U"\u0080\u0085\u00A0\u00AD\u061C\u1680\u180E\u2000\u200B\u200F\u2028\u202E\u202F"
                 U"\u205F\u2060\u2066\u206F\u3000\uFEFF\uFFF9\U000E0001\U000E007F",
                 link_boundary::hard)
              .empty());
}

TEST_CASE("other punctuation ends a link when nothing follows it") {
    CHECK(others(U"…‘’¡¿·•†‡‰′§¶", link_boundary::soft).empty());
    CHECK(others(U"،؛؟۔।॥།၊။።፧។՞׃", link_boundary::soft).empty());
    CHECK(others(U"・･", link_boundary::soft).empty());  // it joins words, as an apostrophe does
}

TEST_CASE("letters, digits, symbols and brackets are not in the table") {
    CHECK(others(U"äß日本語ひЖपا١€→😀🎉—–～（）「」【】‿\u0301\uFE0F", link_boundary::none).empty());
    CHECK(others(U".,!?\"' a", link_boundary::none).empty());  // ASCII
    CHECK(others(std::u32string{0xFFFD, 0x10FFFF, 0x110000, 0}, link_boundary::none).empty());
}

TEST_CASE("brackets know their other end") {
    for (const std::u32string_view pair :
         {U"()", U"[]", U"{}", U"（）", U"［］", U"｛｝", U"「」", U"『』", U"【】", U"《》",
          U"〈〉", U"〔〕", U"｢｣", U"⟨⟩", U"༺༻"}) {
        const auto open = bracket_of(pair[0]), close = bracket_of(pair[1]);
        REQUIRE((open && close));
        CHECK(open->opens);
        CHECK_FALSE(close->opens);
        CHECK(open->pair == close->pair);
        CHECK(open->pair < bracket_pairs_max);
    }
    CHECK(bracket_of(U'（')->pair != bracket_of(U'(')->pair);
    for (const char32_t other : {U'a', U'<', U'“', U'»', U'日'}) CHECK_FALSE(bracket_of(other));
}

}  // namespace parley::unicode
