// Where a token is looked for, and the cookies that make a browser keep it.
#include "server/http/credentials.hpp"

#include "tests/unit/catch.hpp"

using namespace parley::http;

namespace {

using lines = std::vector<std::string>;
const cookie_scope here{.port = 8116};
const cookie_scope below{.port = 8116, .path = "/chat/"};

request with(std::string name, std::string value) {
    return {.headers = {{std::move(name), std::move(value)}}};
}

}  // namespace

TEST_CASE("a program sends Bearer, a browser its cookie") {
    CHECK(token_of(with("authorization", "Bearer abc"), here) == "abc");
    CHECK(token_of(with("authorization", "bearer  abc "), here) == "abc");
    CHECK(token_of(with("authorization", "Basic abc"), here).empty());
    CHECK(token_of(with("authorization", "Bearer"), here).empty());
    CHECK(token_of(with("cookie", "a=b; parley_session_8116=abc; c=d"), here) == "abc");
    CHECK(token_of(with("cookie", "parley_session_8116=weak; __Host-parley_session_8116=strong"),
                   here) == "strong");
    CHECK(token_of(with("cookie", "xparley_session_8116=abc; parley_sessions=abc"), here).empty());
    CHECK(token_of({}, here).empty());
}

TEST_CASE(
    "a server does not read the cookies of another port; the name "
    "without one is read") {
    CHECK(token_of(with("cookie", "parley_session_8117=other; parley_session_811=third"), here)
              .empty());
    CHECK(token_of(with("cookie", "parley_session=old"), here) == "old");
    CHECK(token_of(with("cookie", "__Host-parley_session=old"), here) == "old");
    CHECK(token_of(with("cookie", "__Host-parley_session=old; parley_session_8116=new"), here) ==
          "new");
}

TEST_CASE("the cookie is out of reach of scripts and other sites") {
    CHECK(session_cookies({}, "t", here) ==
          lines{"parley_session_8116=t; Path=/; Max-Age=2592000; HttpOnly; "
                "SameSite=Lax"});
    CHECK(session_cookies({.over_tls = true}, "t", here) ==
          lines{"__Host-parley_session_8116=t; Path=/; Max-Age=2592000; "
                "HttpOnly; SameSite=Lax; "
                "Secure"});
    CHECK(expired_session_cookies({}, here) ==
          lines{"parley_session_8116=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"});
}

TEST_CASE("signing in and out leaves no cookie of another name of this server") {
    const request old = with("cookie", "parley_session=old; parley_session_8117=other");
    CHECK(session_cookies(old, "t", here) ==
          lines{"parley_session_8116=t; Path=/; Max-Age=2592000; HttpOnly; "
                "SameSite=Lax",
                "parley_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"});
    const request all = with("cookie",
                             "__Host-parley_session=a; parley_session=b; "
                             "__Host-parley_session_8116=c; parley_session_8116=d");
    CHECK(expired_session_cookies(all, here) ==
          lines{"parley_session_8116=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax",
                "__Host-parley_session_8116=; Path=/; Max-Age=0; HttpOnly; "
                "SameSite=Lax; Secure",
                "__Host-parley_session=; Path=/; Max-Age=0; HttpOnly; "
                "SameSite=Lax; Secure",
                "parley_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"});
}

TEST_CASE(
    "the cookie that brought a request is renewed, under its present "
    "name; no other is set") {
    CHECK(renewed_session_cookies(with("cookie", "parley_session_8116=t"), here) ==
          session_cookies({}, "t", here));
    CHECK(renewed_session_cookies(with("cookie", "parley_session=t"), here) ==
          lines{"parley_session_8116=t; Path=/; Max-Age=2592000; HttpOnly; "
                "SameSite=Lax",
                "parley_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"});
    request program = with("cookie", "parley_session_8116=t");
    program.headers.emplace_back("authorization", "Bearer t");
    CHECK(renewed_session_cookies(program, here).empty());
    CHECK(renewed_session_cookies({}, here).empty());
}

TEST_CASE("the cookies of a server under a path are for that path alone") {
    CHECK(session_cookies({}, "t", below) ==
          lines{"parley_session_8116=t; Path=/chat/; Max-Age=2592000; HttpOnly; SameSite=Lax"});
    CHECK(session_cookies({.over_tls = true}, "t", below) ==
          lines{"__Secure-parley_session_8116=t; Path=/chat/; Max-Age=2592000; HttpOnly; "
                "SameSite=Lax; Secure"});
    CHECK(device_cookie({}, "d", below) ==
          "parley_device_8116=d; Path=/chat/; Max-Age=34560000; HttpOnly; SameSite=Lax");
    const request brought = with("cookie", "__Secure-parley_session_8116=t; parley_session=old");
    CHECK(token_of(brought, below) == "t");
    CHECK(expired_session_cookies(brought, below) ==
          lines{"parley_session_8116=; Path=/chat/; Max-Age=0; HttpOnly; SameSite=Lax",
                "__Secure-parley_session_8116=; Path=/chat/; Max-Age=0; HttpOnly; SameSite=Lax; "
                "Secure",
                "parley_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"});
}

TEST_CASE("a device keeps its cookie for as long as browsers do, beside the session's") {
    CHECK(device_cookie({}, "d", here) ==
          "parley_device_8116=d; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax");
    CHECK(device_cookie({.over_tls = true}, "d", here) ==
          "__Host-parley_device_8116=d; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax; Secure");
    const request both =
        with("cookie", "parley_device_8116=weak; __Host-parley_device_8116=strong");
    CHECK(device_token_of(both, here) == "strong");
    CHECK(token_of(both, here).empty());
    CHECK(device_token_of(with("cookie", "parley_device_8117=d"), here).empty());
}
