// What somebody probably meant.
#include "server/config/nearest.hpp"

#include "tests/unit/catch.hpp"

using namespace parley::config;

namespace {

const std::vector<std::string> names{"listen",    "data",       "guests",
                                     "send-rate", "send-burst", "max-connections-per-user"};

}  // namespace

TEST_CASE("the distance counts letters to add, drop, change and swap") {
    CHECK(distance("", "") == 0);
    CHECK(distance("listen", "") == 6);
    CHECK(distance("", "ab") == 2);
    CHECK(distance("lisen", "listen") == 1);
    CHECK(distance("listne", "listen") == 1);
    CHECK(distance("lissten", "listen") == 1);
    CHECK(distance("lixten", "listen") == 1);
    CHECK(distance("kitten", "sitting") == 3);
}

TEST_CASE("the nearest word is found when it is near") {
    CHECK(nearest("lisen", names) == "listen");
    CHECK(nearest("send_rate", names) == "send-rate");
    CHECK(nearest("max-connections-per-addr", names) == "max-connections-per-user");
    CHECK(nearest("dta", names) == "data");
    CHECK(nearest("of", {"auto", "on", "off"}) == "off");
}

TEST_CASE("nothing is proposed for what is like nothing") {
    CHECK(nearest("colour", names).empty());
    CHECK(nearest("", names).empty());
    CHECK(nearest("x", {"on"}).empty());
    CHECK(nearest(std::string(100'000, 'a'), names).empty());
    CHECK(did_you_mean("colour", names).empty());
    CHECK(did_you_mean("lisen", names) == "; did you mean `listen`?");
}
