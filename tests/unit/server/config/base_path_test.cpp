// Which paths a server can live under.
#include "server/config/base_path.hpp"

#include "tests/unit/catch.hpp"

using parley::config::normal_base_path;

TEST_CASE("a base path begins and ends with a slash") {
    CHECK(normal_base_path("/") == "/");
    CHECK(normal_base_path("/chat/") == "/chat/");
    CHECK(normal_base_path("/chat") == "/chat/");
    CHECK(normal_base_path("/Our.Team/chat_2~x-y") == "/Our.Team/chat_2~x-y/");
}

TEST_CASE("a text that is no base path is refused") {
    const std::string long_one = "/" + std::string(300, 'x');
    for (const std::string& wrong :
         {std::string(), std::string("chat"), std::string("chat/"), std::string("//"),
          std::string("/a//b"), std::string("/./"), std::string("/a/../b"), std::string("/a b"),
          std::string("/a;b"), std::string("/a?b"), std::string("/%41"), std::string("/ä"),
          std::string("https://x/chat/"), long_one}) {
        INFO(wrong);
        CHECK(normal_base_path(wrong).empty());
    }
}
