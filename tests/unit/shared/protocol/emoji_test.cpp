// One emoji, and what only looks like one.
#include "shared/protocol/emoji.hpp"

#include "tests/unit/catch.hpp"

using namespace parley::protocol;

TEST_CASE("one emoji is one, with its colour, its joined parts, its flag or its key") {
    for (const char* text :
         {"👍", "👍🏽", "❤", "❤️", "👩‍💻", "👩🏽‍❤️‍💋‍👨🏿",
          "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "#⃣", "©", "⌚", "🪿"})
        CHECK(is_emoji(text));
}

TEST_CASE("letters, several emoji and parts of one are no emoji") {
    for (const char* text : {"", "a", "ok", "1", "+1", ":)", "é", "中", "\u202E"})
        CHECK_FALSE(is_emoji(text));
    for (const char* text : {"👍👍", "👍a", "a👍", "👍 ", "🇩", "🇩🇪🇫", "🏽", "\u200D"})
        CHECK_FALSE(is_emoji(text));
    for (const char* text : {"👩\u200D", "\uFE0F", "1\uFE0F", "👍\U000E0041", "🏴\U000E0041"})
        CHECK_FALSE(is_emoji(text));
}

TEST_CASE("the coloured form is the same emoji") {
    CHECK(plain_emoji("❤️") == "❤");
    CHECK(plain_emoji("👩🏽‍❤️‍💋‍👨🏿") == "👩🏽‍❤‍💋‍👨🏿");
    CHECK(plain_emoji("1️⃣") == "1⃣");
    CHECK(plain_emoji("👍") == "👍");
}

TEST_CASE("a text of emoji alone says how many they are") {
    CHECK(count_of_only_emoji("👍") == 1);
    CHECK(count_of_only_emoji("👍🏽 🎉\n🇩🇪1️⃣") == 4);
    CHECK(count_of_only_emoji("👍 ok") == 0);
    CHECK(count_of_only_emoji("1 2") == 0);
    CHECK(count_of_only_emoji("") == 0);
    CHECK(count_of_only_emoji(" ") == 0);
}
