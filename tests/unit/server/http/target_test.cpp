// The forms of a target, and texts that are none.
#include "server/http/target.hpp"

#include "tests/unit/catch.hpp"

using parley::http::parse_target;

TEST_CASE("a path is a target") {
    const auto target = parse_target("GET", "/ws?room=a%20b");
    REQUIRE(target);
    CHECK(target->path == "/ws?room=a%20b");
    CHECK(target->authority.empty());
    CHECK(parse_target("GET", "//a/b")->path == "//a/b");
}

TEST_CASE("an absolute target names the host beside the path") {
    const auto target = parse_target("GET", "http://chat.example:8080/a?b");
    REQUIRE(target);
    CHECK(target->path == "/a?b");
    CHECK(target->authority == "chat.example:8080");
    CHECK_FALSE(target->needs_tls);
    CHECK(parse_target("GET", "HTTPS://[::1]/")->needs_tls);
    CHECK(parse_target("GET", "http://chat.example")->path == "/");
    CHECK(parse_target("GET", "http://chat.example?b")->path == "/?b");
    CHECK(parse_target("OPTIONS", "http://chat.example")->path == "*");
    CHECK(parse_target("OPTIONS", "http://chat.example/")->path == "/");
}

TEST_CASE("an asterisk asks about the whole server, with OPTIONS alone") {
    CHECK(parse_target("OPTIONS", "*")->path == "*");
    CHECK_FALSE(parse_target("GET", "*"));
    CHECK_FALSE(parse_target("OPTIONS", "*/"));
}

TEST_CASE("anything else is no target") {
    for (const char* text : {"",
                             "a",
                             "chat.example:443",
                             "http:/a",
                             "http://",
                             "http:///a",
                             "http://user@a/",
                             "http://a:b/",
                             "http://a:99999/",
                             "http://a,b/",
                             "http://[::1/",
                             "ftp://a/",
                             "ws://a/",
                             "http://a#b",
                             "/a b",
                             "/\x01",
                             "/#x",
                             "/\x80",
                             "http://a\\b/",
                             "http://a%41/"}) {
        INFO(text);
        CHECK_FALSE(parse_target("GET", text));
    }
}
