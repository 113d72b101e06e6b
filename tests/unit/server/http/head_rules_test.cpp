// Heads that are refused before they are parsed, with their status; the limits, at and one beyond.
#include "server/http/head_rules.hpp"

#include "tests/unit/catch.hpp"

#include <string>

namespace {

int status_of(const std::string& head) {
    const auto breach = parley::http::find_breach(head);
    return breach ? breach->status : 0;
}

std::string with_fields(const std::string& fields) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

}  // namespace

TEST_CASE("an ordinary request passes") {
    CHECK(status_of("GET /ws?room=a%20b HTTP/1.1\r\nHost: localhost:8080\r\nAccept: */*\r\n\r\n") ==
          0);
    CHECK(status_of("POST /api/1/send HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 2\r\n\r\n") == 0);
    CHECK(status_of("GET / HTTP/1.0\r\n\r\n") == 0);
    CHECK(status_of(with_fields("Transfer-Encoding: Chunked\r\n")) == 0);
    CHECK(status_of(with_fields("Content-Length: 5\r\nContent-Length: 5\r\n")) == 0);
}

TEST_CASE("request lines that two readers could read differently are refused") {
    CHECK(status_of("GET  / HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
    CHECK(status_of("GET /\r\nHost: a\r\n\r\n") == 400);
    CHECK(status_of("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
    CHECK(status_of("GET * HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
    CHECK(status_of("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
    CHECK(status_of("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
    CHECK(status_of("GET /#x HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
    CHECK(status_of("BREW / HTTP/1.1\r\nHost: a\r\n\r\n") == 501);
    CHECK(status_of("get / HTTP/1.1\r\nHost: a\r\n\r\n") == 501);
    CHECK(status_of("GET / HTTP/2.0\r\nHost: a\r\n\r\n") == 505);
    CHECK(status_of("GET / HTTP/1.1 \r\nHost: a\r\n\r\n") == 400);
    CHECK(status_of("\r\n") == 400);
}

TEST_CASE("the target may name the host, or be the whole server") {
    CHECK(status_of("GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n") == 0);
    CHECK(status_of("GET http://a/ HTTP/1.1\r\n\r\n") == 400);
    CHECK(status_of("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n") == 0);
}

TEST_CASE("at most one Origin") {
    CHECK(status_of(with_fields("Origin: http://a\r\n")) == 0);
    CHECK(status_of(with_fields("Origin: http://a\r\norigin: http://b\r\n")) == 400);
}

TEST_CASE("exactly one Host") {
    CHECK(status_of("GET / HTTP/1.1\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost:\r\n\r\n") == 400);
    CHECK(status_of(with_fields("host: a\r\n")) == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost: a,b\r\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n") == 400);
}

TEST_CASE("no doubt where a body ends") {
    CHECK(status_of(with_fields("Content-Length: 5\r\nContent-Length: 6\r\n")) == 400);
    CHECK(status_of(with_fields("Content-Length: 5, 5\r\n")) == 400);
    CHECK(status_of(with_fields("Content-Length: -1\r\n")) == 400);
    CHECK(status_of(with_fields("Content-Length: +1\r\n")) == 400);
    CHECK(status_of(with_fields("Content-Length: 99999999999999999999\r\n")) == 400);
    CHECK(status_of(with_fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")) == 400);
    CHECK(status_of(with_fields("Transfer-Encoding: gzip, chunked\r\n")) == 400);
    CHECK(status_of(with_fields("Transfer-Encoding: xchunked\r\n")) == 400);
    CHECK(status_of(with_fields("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")) ==
          400);
    CHECK(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
}

TEST_CASE("fields must be fields") {
    CHECK(status_of(with_fields("A: b\r\n c\r\n")) == 400);
    CHECK(status_of(with_fields("A: b\r\n\tc\r\n")) == 400);
    CHECK(status_of(with_fields("no colon\r\n")) == 400);
    CHECK(status_of(with_fields("Host : a\r\n")) == 400);
    CHECK(status_of(with_fields(": a\r\n")) == 400);
}

TEST_CASE("no byte in a field that some reader ends it at") {
    CHECK(status_of(with_fields("A: \tb \x80\xff\r\n")) == 0);
    for (const char c : {'\0', '\n', '\r', '\x01', '\x7f'}) {
        INFO(static_cast<int>(c));
        CHECK(status_of(with_fields(std::string("A: b") + c + "c\r\n")) == 400);
        CHECK(status_of(with_fields(std::string("A: b") + c + "\r\n")) == 400);
    }
    CHECK(status_of("GET / HTTP/1.1\r\nHost: a\n\r\n") == 400);
    CHECK(status_of("GET / HTTP/1.1\nHost: a\r\n\r\n") == 400);
}

TEST_CASE("nor in the extensions of a chunk") {
    using parley::http::are_chunk_extensions;
    CHECK(are_chunk_extensions(""));
    CHECK(are_chunk_extensions(";a=b ; c=\"d \\\" e\""));
    CHECK_FALSE(are_chunk_extensions(";a=\"b\nc\""));
    CHECK_FALSE(are_chunk_extensions(";a=\"b\rc\""));
    CHECK_FALSE(are_chunk_extensions(std::string_view(";a=\"b\0c\"", 9)));
    CHECK(are_chunk_extensions(std::string(parley::http::chunk_extension_bytes_max, ';')));
    CHECK_FALSE(
        are_chunk_extensions(std::string(parley::http::chunk_extension_bytes_max + 1, ';')));
}

TEST_CASE("the limits of a head") {
    using namespace parley::http;
    std::string many;
    for (std::size_t i = 1; i < head_fields_max; ++i) many += "A: b\r\n";  // and Host
    CHECK(status_of(with_fields(many)) == 0);
    CHECK(status_of(with_fields(many + "A: b\r\n")) == 431);
    CHECK(status_of(with_fields("Cookie: " + std::string(31 * 1024, 'x') + "\r\n")) == 0);
    const std::size_t room = head_bytes_max - with_fields("A: \r\n").size();
    CHECK(status_of(with_fields("A: " + std::string(room, 'x') + "\r\n")) == 0);
    CHECK(status_of(with_fields("A: " + std::string(room + 1, 'x') + "\r\n")) == 431);
}
