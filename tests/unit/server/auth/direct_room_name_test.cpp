// Names of direct rooms: the data directory holds them, so they never change.
#include "server/auth/direct_room_name.hpp"

#include "shared/protocol/names.hpp"
#include "shared/protocol/vocabulary.hpp"
#include "tests/unit/catch.hpp"

using namespace parley;
using auth::direct_room_name;

TEST_CASE("a direct room is named by its people, and no two lists of people share a name") {
    CHECK(direct_room_name({"ann", "bob"}) ==
          "dm-d4bbd4f0d12e8f1c41dea34801226e79648306bd842e584c");
    CHECK(direct_room_name({"ann", "bob.c"}) != direct_room_name({"ann.bob", "c"}));
    CHECK(direct_room_name({"ann", "bob", "c"}) != direct_room_name({"ann", "bobc"}));
    const std::vector<std::string> most(8, std::string(32, 'x'));
    CHECK(protocol::obeys(protocol::room_name, direct_room_name(most)));
    CHECK(protocol::is_kept_for_direct_rooms(direct_room_name(most)));
}
