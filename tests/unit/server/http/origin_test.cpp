// Which pages may speak for their user.
#include "server/http/origin.hpp"

#include "tests/unit/catch.hpp"

#include <vector>

using namespace parley::http;

namespace {

bool trusted(const char* origin, const char* host, const std::vector<std::string>& list = {}) {
    request asked;
    if (origin) asked.headers.emplace_back("origin", origin);
    asked.headers.emplace_back("host", host);
    return is_trusted(asked, list);
}

}  // namespace

TEST_CASE("a page from the server's own host is trusted, whatever ends TLS") {
    CHECK(trusted("http://localhost:8080", "localhost:8080"));
    CHECK(trusted("https://chat.example", "chat.example"));
    CHECK(trusted("https://chat.example", "chat.example:443"));
    CHECK(trusted("http://chat.example:80", "chat.example"));
    CHECK(trusted("http://CHAT.example", "chat.EXAMPLE"));
    CHECK(trusted("http://[::1]:8080", "[::1]:8080"));
}

TEST_CASE("where the server itself speaks TLS, its own pages are those of https") {
    const auto own = [](const char* origin, const std::vector<std::string>& list = {}) {
        request asked{.over_tls = true};
        asked.headers = {{"origin", origin}, {"host", "chat.example"}};
        return is_trusted(asked, list);
    };
    CHECK(own("https://chat.example"));
    CHECK_FALSE(own("http://chat.example"));
    CHECK(own("http://chat.example", {"http://chat.example"}));
}

TEST_CASE("a program without an origin needs no match") {
    CHECK(trusted(nullptr, "localhost:8080"));
}

TEST_CASE("every other page is refused") {
    CHECK_FALSE(trusted("http://evil.example", "localhost:8080"));
    CHECK_FALSE(trusted("http://localhost:8081", "localhost:8080"));
    CHECK_FALSE(trusted("http://localhost", "localhost:8080"));
    CHECK_FALSE(trusted("https://chat.example", "chat.example:80"));
    CHECK_FALSE(trusted("http://chat.example.evil", "chat.example"));
    CHECK_FALSE(trusted("http://evil/chat.example", "chat.example"));
    CHECK_FALSE(trusted("http://user@chat.example", "chat.example"));
    CHECK_FALSE(trusted("null", "null"));
    CHECK_FALSE(trusted("", ""));
    CHECK_FALSE(trusted("file://chat.example", "chat.example"));
    CHECK_FALSE(trusted("http://", "chat.example"));
}

TEST_CASE("the list trusts exactly what it names") {
    const std::vector<std::string> list{"http://localhost:3000", "https://App.example:443", "*"};
    CHECK(trusted("http://localhost:3000", "localhost:8080", list));
    CHECK(trusted("https://app.example", "localhost:8080", list));
    CHECK_FALSE(trusted("http://app.example", "localhost:8080", list));
    CHECK_FALSE(trusted("http://localhost:3001", "localhost:8080", list));
    CHECK_FALSE(trusted("http://evil.example", "localhost:8080", list));
    CHECK_FALSE(trusted("*", "localhost:8080", list));
}
