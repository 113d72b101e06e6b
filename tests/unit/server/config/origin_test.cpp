// Origins: which texts are origins, and which are the same.
#include "server/config/origin.hpp"

#include "tests/unit/catch.hpp"

using parley::config::normal_origin;

TEST_CASE("an origin is written in one way") {
    CHECK(normal_origin("https://chat.example.org") == "https://chat.example.org");
    CHECK(normal_origin("HTTPS://Chat.Example.org:443") == "https://chat.example.org");
    CHECK(normal_origin("http://localhost:80") == "http://localhost");
    CHECK(normal_origin("http://localhost:3000") == "http://localhost:3000");
    CHECK(normal_origin("http://[::1]:8080") == "http://[::1]:8080");
    CHECK(normal_origin("http://[::80]") == "http://[::80]");
}

TEST_CASE("a text that is no origin matches none") {
    for (const char* wrong : {"",
                              "chat.example.org",
                              "https://",
                              "https://x/",
                              "https://x/path",
                              "https://x?",
                              "*",
                              "https://*.example.org",
                              "https://ann@x",
                              "https://x:",
                              "https://x:65536",
                              "https://x:y",
                              "https://:443",
                              "ftp://x",
                              "null",
                              "https://x y",
                              "http://[::1",
                              "http://[]",
                              "http://[::1]x",
                              "http://::1"}) {
        INFO(wrong);
        CHECK(normal_origin(wrong).empty());
    }
}
