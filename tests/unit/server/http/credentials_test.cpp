// Where a token is looked for, and how a browser is told to keep it.
#include "server/http/credentials.hpp"

#include "tests/unit/catch.hpp"

using namespace parley::http;

namespace {

request with(std::string name, std::string value) {
    return {.headers = {{std::move(name), std::move(value)}}};
}

}  // namespace

TEST_CASE("a program sends Bearer, a browser its cookie") {
    CHECK(token_of(with("authorization", "Bearer abc")) == "abc");
    CHECK(token_of(with("authorization", "bearer  abc ")) == "abc");
    CHECK(token_of(with("authorization", "Basic abc")).empty());
    CHECK(token_of(with("authorization", "Bearer")).empty());
    CHECK(token_of(with("cookie", "a=b; parley_session=abc; c=d")) == "abc");
    CHECK(token_of(with("cookie", "parley_session=weak; __Host-parley_session=strong")) ==
          "strong");
    CHECK(token_of(with("cookie", "xparley_session=abc; parley_sessions=abc")).empty());
    CHECK(token_of({}).empty());
}

TEST_CASE("the cookie is out of reach of scripts and other sites") {
    CHECK(session_cookie("t", false) ==
          "parley_session=t; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax");
    CHECK(session_cookie("t", true) ==
          "__Host-parley_session=t; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure");
    CHECK(expired_session_cookie(false) ==
          "parley_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
}
