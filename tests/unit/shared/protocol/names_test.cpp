// What a new name may be, and how guests differ from accounts.
#include "shared/protocol/names.hpp"

#include "shared/protocol/text.hpp"
#include "shared/protocol/vocabulary.hpp"
#include "tests/unit/catch.hpp"

using namespace parley::protocol;

TEST_CASE("a new name begins and ends with a letter or digit, without two signs in a row") {
    for (const char* name : {"ann", "a.b-c_d", "9", "room-1"})
        CHECK(why_not_new_name(name).empty());
    for (const char* name : {".ann", "ann.", "-", "_x", "a..b", "a.-b", "x-"})
        CHECK_FALSE(why_not_new_name(name).empty());
}

TEST_CASE("words that mean somebody else are nobody's name") {
    for (const char* name : {"all", "here", "guest", "parley", "you", "online"})
        CHECK(is_reserved_name(name));
    CHECK_FALSE(is_reserved_name("ann"));
    CHECK_FALSE(is_reserved_name("allan"));
}

TEST_CASE("a guest's name is a name with the sign before it, once") {
    CHECK(guest_name("gus") == "~gus");
    CHECK(guest_name("~gus") == "~gus");
    CHECK(bare_name("~gus") == "gus");
    CHECK(bare_name("gus") == "gus");
    CHECK(is_guest("~gus"));
    CHECK_FALSE(is_guest("gus"));
    CHECK(obeys(person_name, "~gus"));
    CHECK(obeys(person_name, "gus"));
    for (const char* name : {"~~gus", "g~us", "gus~", "~Gus"})
        CHECK_FALSE(obeys(person_name, name));
    CHECK_FALSE(obeys(user_name, "~gus"));
}
