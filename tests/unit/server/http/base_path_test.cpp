// The path of a server that shares its host.
#include "server/http/base_path.hpp"

#include "tests/unit/catch.hpp"

namespace parley::http {

TEST_CASE("a target below the base is served as if it were at the root") {
    CHECK(without_base("/chat/", "/chat/") == "/");
    CHECK(without_base("/chat/ws?room=a", "/chat/") == "/ws?room=a");
    CHECK(without_base("/chat/chat/", "/chat/") == "/chat/");
    CHECK(without_base("/a/b/api/1/send", "/a/b/") == "/api/1/send");
    CHECK(without_base("/?x=/chat/", "/") == "/?x=/chat/");
}

TEST_CASE("a target without the base, or not below it, stays as it is") {
    for (const std::string target : {"/", "/ws", "/chat", "/chat?x", "/chats/", "/x/chat/", "*"})
        CHECK(without_base(target, "/chat/") == target);
}

TEST_CASE("the base without its last slash leads to the base") {
    const auto answer =
        redirect_to_base(request{.method = "GET", .target = "/chat?room=a"}, "/chat/");
    REQUIRE(answer);
    CHECK(answer->status == 308);
    bool led = false;
    for (const auto& [name, value] : answer->headers)
        led = led || (name == "Location" && value == "/chat/?room=a");
    CHECK(led);
    for (const std::string other : {"/", "/chat/", "/chats", "/x/chat", "*", ""})
        CHECK_FALSE(redirect_to_base(request{.method = "GET", .target = other}, "/chat/"));
    CHECK_FALSE(redirect_to_base(request{.method = "GET", .target = "/"}, "/"));
}

}  // namespace parley::http
