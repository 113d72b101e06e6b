// What people type, turned into what the protocol takes.
#include "wasm-client/state/names.hpp"

#include "shared/protocol/names.hpp"
#include "shared/protocol/vocabulary.hpp"
#include "tests/unit/catch.hpp"

#include <cctype>
#include <set>

namespace parley::state {

namespace {

// Lower case, no two signs in a row, none at either end, no direct room's.
bool is_good_name(const std::string& name) {
    const auto is_letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
    for (std::size_t i = 0; i < name.size(); ++i)
        if (!is_letter(name[i]) && (i == 0 || i + 1 == name.size() || !is_letter(name[i - 1])))
            return false;
    return protocol::obeys(protocol::room_name, name) && !protocol::is_kept_for_direct_rooms(name);
}

bool is_invented(const std::string& name) {
    return name.size() == 9 && name.starts_with("room-") && is_good_name(name);
}

}  // namespace

TEST_CASE("room names come from titles") {
    CHECK(room_name_from("Release planning") == "release-planning");
    CHECK(room_name_from("  C++ & Wasm / 2026!  ") == "c-wasm-2026");
    CHECK(room_name_from("v1.2_final") == "v1.2_final");
    CHECK(room_name_from("a - b -- c") == "a-b-c");
    CHECK(room_name_from("dm.ann.bob") == "ann.bob");
    CHECK(room_name_from("-DM.dm.x") == "x");
    CHECK(room_name_from("DM: dm plans") == "plans");
    CHECK(room_name_from(std::string(200, 'a')).size() == protocol::limits::room_name_bytes_max);
    CHECK(room_name_from(std::string(63, 'a') + " b").size() == 63);
    CHECK(room_name_from(" \t") == "");
}

TEST_CASE("Latin letters of other languages stand in a name without their marks") {
    CHECK(room_name_from("Überblick") == "uberblick");
    CHECK(room_name_from("U\u0308berblick") == "uberblick");
    CHECK(room_name_from("Straße") == "strasse");
    CHECK(room_name_from("Łódź, Đà Nẵng & Æbleskiver på Øen") == "lodz-da-nang-aebleskiver-pa-oen");
    CHECK(room_name_from("Ｐａｒｌｅｙ　２") == "parley-2");
    CHECK(room_name_from("🎉 Party 🎉") == "party");
    CHECK(room_name_from("Ann’s café") == "ann-s-cafe");
}

TEST_CASE("titles of other scripts get an invented name, always the same and each its own") {
    std::set<std::string> names;
    for (const std::string title : {"Новости", "日本語", "🎉", "...", "Ελλάδα", "שלום", "العربية",
                                    "हिन्दी", "ไทย", "한국어", "日本語 2", "Новости 2026"}) {
        CHECK(is_invented(room_name_from(title)));
        CHECK(room_name_from("  " + title + " ") == room_name_from(title));
        names.insert(room_name_from(title));
    }
    CHECK(names.size() == 12);
}

TEST_CASE("whatever the title, its name obeys the rules") {
    for (const std::string title :
         {"---", "dm.", "dm.dm.x", "dm-", "dm-dm.x", "\xff\xfe", "a", "-a-", "😀 b 😀", "._a_.",
          "a.-b", "dm.a", "DM.ж", "a\u0301", "\u0301", "A\u200Db", "Ünï—cödé…", "aβ", "ﬃ"})
        CHECK(is_good_name(room_name_from(title)));
    for (char32_t code = 0x20; code < 0x3000; ++code) {
        std::string title = "dm.x";  // and one character of three bytes, well-formed or not
        title += {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 63)),
                  static_cast<char>(0x80 | (code & 63))};
        if (!is_good_name(room_name_from(title))) FAIL(room_name_from(title));
    }
}

TEST_CASE("user names are lower case, without blanks around them") {
    CHECK(user_name_from("  Ann.Lee\n") == "ann.lee");
    CHECK(user_name_from("a b") == "a b");
}

}  // namespace parley::state
