// Accept-Encoding with weights, and If-None-Match.
#include "server/http/negotiation.hpp"

#include "tests/unit/catch.hpp"

using namespace parley::http;

namespace {

constexpr available all{true, true};

}  // namespace

TEST_CASE("the smallest form that the client likes best") {
    CHECK(negotiate("gzip, deflate, br", all) == encoding::br);
    CHECK(negotiate("gzip", all) == encoding::gzip);
    CHECK(negotiate("X-GZIP", all) == encoding::gzip);
    CHECK(negotiate("", all) == encoding::identity);
    CHECK(negotiate("deflate", all) == encoding::identity);
    CHECK(negotiate("*", all) == encoding::br);
    CHECK(negotiate("br", {true, false}) == encoding::identity);
    CHECK(negotiate("br;q=0.5, gzip;q=0.8", all) == encoding::gzip);
    CHECK(negotiate("br;q=0.5, gzip;q=0.501", all) == encoding::gzip);
    CHECK(negotiate("gzip;q=0.5, identity", all) == encoding::identity);
    CHECK(negotiate(" br ; q=1.000 , gzip ; Q=0.9", all) == encoding::br);
}

TEST_CASE("q=0 means never") {
    CHECK(negotiate("br;q=0, gzip", all) == encoding::gzip);
    CHECK(negotiate("br;q=0, gzip;q=0.0", all) == encoding::identity);
    CHECK(negotiate("br;q=0, *", all) == encoding::gzip);
    CHECK(negotiate("gzip;q=0.000, *;q=0", all) == std::nullopt);
    CHECK(negotiate("identity;q=0", all) == std::nullopt);
    CHECK(negotiate("identity;q=0, br", all) == encoding::br);
    CHECK(negotiate("*;q=0, identity;q=0.1", all) == encoding::identity);
}

TEST_CASE("nonsense is no crash") {
    for (const char* text :
         {";", ",,,", "br;q=", "br;q", "br;q=x", ";q=1", "br;q=0.", "br;q=9999999999", "q=0"})
        CHECK(negotiate(text, all).has_value());
}

TEST_CASE("a known ETag is found in any list") {
    CHECK(matches_any("\"a\"", "\"a\""));
    CHECK(matches_any("\"x\", W/\"a\"", "\"a\""));
    CHECK(matches_any("*", "\"a\""));
    CHECK_FALSE(matches_any("", "\"a\""));
    CHECK_FALSE(matches_any("a", "\"a\""));
    CHECK_FALSE(matches_any("\"a-br\"", "\"a\""));
}
