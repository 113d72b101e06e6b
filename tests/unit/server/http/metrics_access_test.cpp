// Who may read /metrics, and what others are answered.
#include "server/http/metrics_access.hpp"

#include "tests/unit/catch.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

using namespace parley::http;

namespace {

// A request for /metrics that came straight from there.
request from(const std::string& peer, const std::string& bearer = "") {
    request out{.headers = {{"host", "localhost:8080"}}, .peer_address = peer};
    if (!bearer.empty()) out.headers.emplace_back("authorization", "Bearer " + bearer);
    return out;
}

// 200 when it may read them.
int status_of(const metrics_access& access, const request& request) {
    const auto refused = access.find_refusal(request);
    return refused ? refused->status : 200;
}

struct token_file {
    std::string path = std::filesystem::temp_directory_path() /
                       ("parley-metrics-token-" + std::to_string(::getpid()));
    explicit token_file(const std::string& text) { std::ofstream(path) << text; }
    ~token_file() { std::filesystem::remove(path); }
};

}  // namespace

TEST_CASE("metrics are for this machine, unless somebody is named") {
    const metrics_access access;
    CHECK(status_of(access, from("127.0.0.1")) == 200);
    CHECK(status_of(access, from("::1")) == 200);
    CHECK(status_of(access, from("192.0.2.7")) == 403);
    CHECK(status_of(access, from("192.0.2.7", "anything")) == 403);
    CHECK(status_of(access, {}) == 403);
}

TEST_CASE("a proxy on another machine may ask for anybody: what it says opens nothing") {
    const metrics_access access({"10.0.0.0/8"});
    CHECK(status_of(access, from("10.0.0.2")) == 200);
    for (const char* proxy : {"10.0.0.2", "192.0.2.7"}) {
        INFO(proxy);
        request forwarded = from(proxy);
        forwarded.headers.emplace_back("x-forwarded-for", "10.0.0.1");
        CHECK(status_of(access, forwarded) == 403);
    }
}

TEST_CASE("what comes through a proxy, or for another name, is not from this machine") {
    const metrics_access access;
    request proxied = from("127.0.0.1");
    proxied.headers.emplace_back("x-forwarded-for", "127.0.0.1");
    CHECK(status_of(access, proxied) == 403);
    request rebound = from("127.0.0.1");
    rebound.set_header("host", "evil.example");
    CHECK(status_of(access, rebound) == 403);
}

TEST_CASE("a network that is named may read them, also behind a proxy on this machine") {
    const metrics_access access({"10.0.0.0/8", "2001:db8::/32"});
    CHECK(status_of(access, from("10.1.2.3")) == 200);
    CHECK(status_of(access, from("2001:db8::1")) == 200);
    CHECK(status_of(access, from("192.0.2.7")) == 403);
    request proxied = from("127.0.0.1");
    proxied.headers.emplace_back("x-forwarded-for", "10.1.2.3:4000");
    CHECK(status_of(access, proxied) == 200);
    proxied.set_header("x-forwarded-for", "10.1.2.3, 192.0.2.7");
    CHECK(status_of(access, proxied) == 403);
}

TEST_CASE("so may who has the token, from anywhere") {
    const token_file file("a-token-of-16-bytes\r\nand a second line\n");
    const metrics_access access({"token:" + file.path});
    CHECK(status_of(access, from("192.0.2.7", "a-token-of-16-bytes")) == 200);
    CHECK(status_of(access, from("192.0.2.7", "a-token-of-16-byteS")) == 401);
    CHECK(status_of(access, from("192.0.2.7")) == 401);
    CHECK(status_of(access, from("127.0.0.1")) == 200);
}

TEST_CASE("a token that could be guessed, or is not there, is refused at the start") {
    CHECK_THROWS_AS(metrics_access({"token:/nonexistent/token"}), std::runtime_error);
    for (const std::string& text :
         {std::string(), std::string("\n"), std::string("short\n"), std::string(1025, 'x')}) {
        const token_file file(text);
        CHECK_THROWS_AS(metrics_access({"token:" + file.path}), std::runtime_error);
    }
}
