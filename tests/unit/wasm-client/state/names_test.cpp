// What people type, turned into what the protocol takes.
#include "wasm-client/state/names.hpp"

#include "shared/protocol/direct_room.hpp"
#include "shared/protocol/vocabulary.hpp"
#include "tests/unit/catch.hpp"

namespace parley::state {

TEST_CASE("room names come from titles") {
    CHECK(room_name_from("Release planning") == "release-planning");
    CHECK(room_name_from("  C++ & Wasm / 2026!  ") == "c-wasm-2026");
    CHECK(room_name_from("v1.2_final") == "v1.2_final");
    CHECK(room_name_from("Straße") == "stra-e");
    CHECK(room_name_from("日本") == "");
    CHECK(room_name_from("dm.ann.bob") == "ann.bob");
    CHECK(room_name_from(std::string(200, 'a')).size() == protocol::limits::room_name_bytes_max);
}

TEST_CASE("whatever the title, the name is empty or obeys the rule") {
    for (const std::string title :
         {"...", "---", "dm.", "dm.dm.x", "\xff\xfe", "a", "-a-", "😀 b 😀"}) {
        const std::string name = room_name_from(title);
        CHECK((name.empty() || protocol::obeys(protocol::room_name, name)));
    }
}

TEST_CASE("user names are lower case, without blanks around them") {
    CHECK(user_name_from("  Ann.Lee\n") == "ann.lee");
    CHECK(user_name_from("a b") == "a b");
}

TEST_CASE("the other person of a direct room is found even when names hold dots") {
    CHECK(protocol::other_in_direct_room("dm.ann.bob", "ann") == "bob");
    CHECK(protocol::other_in_direct_room("dm.ann.bob", "bob") == "ann");
    CHECK(protocol::other_in_direct_room("dm.a.b.c.d", "a.b") == "c.d");
    CHECK(protocol::other_in_direct_room("dm.a.b.c.d", "c.d") == "a.b");
    CHECK(protocol::other_in_direct_room("dm.ann.bob", "carl") == std::nullopt);
    CHECK(protocol::other_in_direct_room("dm.bob.ann", "ann") == std::nullopt);
    CHECK(protocol::other_in_direct_room("lobby", "ann") == std::nullopt);
    CHECK(protocol::other_in_direct_room("dm.", "ann") == std::nullopt);
    CHECK(protocol::other_in_direct_room("dm.ann", "ann") == std::nullopt);
}

}  // namespace parley::state
