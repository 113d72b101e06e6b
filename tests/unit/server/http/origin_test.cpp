// Which pages may speak for their user.
#include "server/http/origin.hpp"

#include "tests/unit/catch.hpp"

#include <vector>

using namespace parley::http;

namespace {

bool trusted(const char* origin, const char* host, const std::vector<std::string>& list = {}) {
    request request;
    if (origin) request.headers.emplace_back("origin", origin);
    request.headers.emplace_back("host", host);
    return is_trusted(request, list);
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
        request request{.over_tls = true};
        request.headers = {{"origin", origin}, {"host", "chat.example"}};
        return is_trusted(request, list);
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

TEST_CASE("a page whose name was made to point at this machine is known by its Host") {
    using fields = std::vector<std::pair<std::string, std::string>>;
    const auto rebound = [](fields headers, const char* peer = "127.0.0.1") {
        const std::vector<std::string> trusted{"https://chat.example"};
        return may_be_rebound({.headers = std::move(headers), .peer_address = peer}, trusted);
    };
    CHECK(rebound({{"host", "evil.example:8080"}, {"origin", "http://evil.example:8080"}}));
    CHECK(rebound({}));
    for (const char* host : {"localhost:8080", "127.0.0.1:8080", "[::1]:8080", "chat.example"})
        CHECK_FALSE(rebound({{"host", host}}));
    CHECK_FALSE(rebound({{"host", "evil.example"}, {"x-forwarded-for", "192.0.2.7"}}));
    CHECK_FALSE(rebound({{"host", "evil.example"}}, "192.0.2.7"));
}

TEST_CASE("a page that is refused learns why, and what an operator can change") {
    const auto explain = [](std::string origin, std::string host, bool over_tls = false) {
        request request{.over_tls = over_tls};
        request.headers = {{"origin", std::move(origin)}, {"host", std::move(host)}};
        return explain_distrust(request);
    };
    CHECK(explain("https://chat.example", "127.0.0.1:8080") ==
          "origin https://chat.example does not match Host 127.0.0.1:8080: let the proxy pass Host "
          "on; if that page is your own, start the server with --origin https://chat.example");
    CHECK(explain("http://chat.example", "chat.example", true).find("Host https://chat.example:") !=
          std::string::npos);
    for (const std::string& origin :
         {std::string("null"), std::string("file://x"), std::string(), std::string("http://\xff"),
          "http://" + std::string(200, 'a')})
        CHECK(explain(origin, "chat.example") ==
              "pages without an origin of http or https are not trusted");
    CHECK(explain("http://a.example", "\xff\"<b>").find("another host") != std::string::npos);
    const std::string longest(113, 'a');
    CHECK(explain("http://" + longest, longest).size() <= 512);  // protocol: explanation
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
