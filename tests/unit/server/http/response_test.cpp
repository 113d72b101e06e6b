// The head of a response.
#include "server/http/response.hpp"

#include "tests/unit/catch.hpp"

using namespace parley::http;

TEST_CASE("every response is protected") {
    for (const int status : {200, 304, 404, 503}) {
        const std::string head = serialize_head(text_response(status), true);
        for (const char* field : {"default-src 'none'", "'wasm-unsafe-eval'", "connect-src 'self'",
                                  "frame-ancestors 'none'", "X-Content-Type-Options: nosniff",
                                  "Referrer-Policy: ", "Cross-Origin-Opener-Policy: same-origin",
                                  "Permissions-Policy: ", "Date: "})
            CHECK(head.find(field) != std::string::npos);
        CHECK(head.find("unsafe-inline") == std::string::npos);
        CHECK(head.ends_with("\r\n\r\n"));
    }
}

TEST_CASE("the length is that of the body, and is left out where there can be none") {
    CHECK(serialize_head(text_response(200, "hello"), true).find("Content-Length: 6\r\n") !=
          std::string::npos);
    CHECK(serialize_head(response{.status = 304}, true).find("Content-Length") ==
          std::string::npos);
    CHECK(serialize_head(response{.status = 204}, true).find("Content-Length") ==
          std::string::npos);
}

TEST_CASE("the end of the connection is announced") {
    CHECK(serialize_head(text_response(200), true).find("Connection: keep-alive\r\n") !=
          std::string::npos);
    CHECK(serialize_head(text_response(200), false).find("Connection: close\r\n") !=
          std::string::npos);
}
