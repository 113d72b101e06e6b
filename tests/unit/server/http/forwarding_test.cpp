// Which requests come through a proxy, and from which client. Nobody from the internet becomes one
// of this machine's people because the proxy is on it.
#include "server/http/forwarding.hpp"

#include "tests/unit/catch.hpp"

using namespace parley::http;

namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

request with(fields headers) {
    return {.headers = std::move(headers), .peer_address = "127.0.0.1"};
}

// Of a client whose proxy on this machine says this.
std::string client(fields headers) { return client_address(with(std::move(headers))); }
std::string listed(std::string value) { return client({{"x-forwarded-for", std::move(value)}}); }
std::string standard(std::string value) { return client({{"forwarded", std::move(value)}}); }

}  // namespace

TEST_CASE("guests that nobody decided on are only those who come directly") {
    for (const char* field :
         {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port",
          "forwarded", "via", "x-real-ip", "x-client-ip", "cf-connecting-ip", "cf-ray",
          "true-client-ip", "x-cluster-client-ip", "cdn-loop", "x-amzn-trace-id"}) {
        INFO(field);
        const request request = with({{"host", "localhost:8080"}, {field, "x"}});
        CHECK(was_forwarded(request));
        CHECK_FALSE(takes_guests(guest_policy::direct, request));
        CHECK(takes_guests(guest_policy::on, request));
        CHECK_FALSE(takes_guests(guest_policy::off, request));
    }
    const request direct = with({{"host", "localhost:8080"}, {"x-request-id", "1"}});
    CHECK(takes_guests(guest_policy::direct, direct));
    CHECK(takes_guests(guest_policy::on, direct));
    CHECK_FALSE(takes_guests(guest_policy::off, direct));
}

TEST_CASE("a proxy with nginx's defaults says nothing but speaks HTTP/1.0: it is not from here") {
    request request = with({{"host", "127.0.0.1:8080"}, {"connection", "close"}});
    CHECK(is_from_here(request));
    request.version = http_1_0;
    CHECK_FALSE(is_from_here(request));
    CHECK_FALSE(takes_guests(guest_policy::direct, request));
    CHECK(client_address(request) == nobody);
}

TEST_CASE("who comes from another machine is not from here, whatever the Host") {
    request request = with({{"host", "localhost:8080"}});
    request.peer_address = "192.0.2.7";
    CHECK_FALSE(takes_guests(guest_policy::direct, request));
    CHECK(client_address(request) == "192.0.2.7");
    request.headers.emplace_back("x-forwarded-for", "203.0.113.7");
    CHECK(client_address(request) == "192.0.2.7");
}

TEST_CASE("a proxy elsewhere is believed about its clients when it is named, and opens nothing") {
    request request = with({{"host", "localhost:8080"}, {"x-forwarded-for", "203.0.113.7"}});
    const std::vector proxies{*parley::base::parse_network("172.17.0.0/16")};
    request.peer_address = "172.17.0.1";
    CHECK(client_address(request) == "172.17.0.1");
    CHECK(client_address(request, proxies) == "203.0.113.7");
    CHECK_FALSE(is_from_here(request));
    request.headers.pop_back();
    CHECK(client_address(request, proxies) == nobody);
    request.peer_address = "172.18.0.1";
    CHECK(client_address(request, proxies) == "172.18.0.1");
}

TEST_CASE("a name that was made to point at this machine is no name of it") {
    for (const char* host : {"localhost", "localhost:8080", "LocalHost", "chat.localhost:80",
                             "127.0.0.1", "127.1.2.3:8080", "[::1]", "[::1]:8080"}) {
        INFO(host);
        CHECK(takes_guests(guest_policy::direct, with({{"host", host}})));
        CHECK(client({{"host", host}}) == "127.0.0.1");
    }
    for (const char* host :
         {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
          "127.evil.example", "127.0.0.1.1", "[::2]", "10.0.0.1", "", "localhost:80:evil.example",
          "[::1].evil.example", "[::1"}) {
        INFO(host);
        CHECK_FALSE(takes_guests(guest_policy::direct, with({{"host", host}})));
        CHECK(takes_guests(guest_policy::on, with({{"host", host}})));
        CHECK(client({{"host", host}}) == nobody);
    }
}

TEST_CASE("the address is the one that the nearest proxy has added") {
    CHECK(listed("203.0.113.7") == "203.0.113.7");
    CHECK(listed("10.0.0.1, 203.0.113.7 ") == "203.0.113.7");
    CHECK(client({{"x-forwarded-for", "10.0.0.1"}, {"x-forwarded-for", "2001:db8::1"}}) ==
          "2001:db8::1");
}

TEST_CASE("ports, brackets, zones and mappings come off an address") {
    CHECK(listed("198.51.100.7:40000") == "198.51.100.7");
    CHECK(listed("[2001:db8::1]:443") == "2001:db8::1");
    CHECK(listed("[2001:db8::1]") == "2001:db8::1");
    CHECK(listed("2001:DB8:0::1") == "2001:db8::1");
    CHECK(listed("fe80::1%eth0") == "fe80::1");
    CHECK(listed("[fe80::1%25eth0]:443") == "fe80::1");
    CHECK(listed("::ffff:198.51.100.7") == "198.51.100.7");
    CHECK(listed("[::ffff:198.51.100.7]:1") == "198.51.100.7");
}

TEST_CASE("a text that is no address is nobody's, and never this machine") {
    for (const char* value : {"",
                              ",",
                              "10.0.0.1,",
                              "unknown",
                              "_hidden",
                              "chat.example",
                              "198.51.100",
                              "1.2.3.4.5",
                              "198.51.100.7:",
                              "198.51.100.7:port",
                              "198.51.100.7:123456",
                              "[2001:db8::1",
                              "[]",
                              "[",
                              "2001:db8::1]",
                              "[2001:db8::1]443",
                              "010.0.0.1",
                              "0x7f.0.0.1",
                              "127.0.0.1",
                              "127.9.9.9",
                              "127.0.0.1:80",
                              "::1",
                              "[::1]",
                              "[::1]:443",
                              "::ffff:127.0.0.1",
                              "\"203.0.113.7\"",
                              "203.0.113.7 203.0.113.8"}) {
        INFO(value);
        CHECK(listed(value) == nobody);
    }
    CHECK(client({{"x-real-ip", "203.0.113.7"}}) == nobody);  // often as the client sent it
    CHECK(client({{"via", "1.1 proxy"}, {"host", "localhost"}}) == nobody);
}

TEST_CASE("Forwarded is read as RFC 7239 has it") {
    CHECK(standard("for=203.0.113.7") == "203.0.113.7");
    CHECK(standard("For=\"[2001:db8::1]:443\"") == "2001:db8::1");
    CHECK(standard("for=\"198.51.100.7:40000\";proto=https;by=203.0.113.43") == "198.51.100.7");
    CHECK(standard("for=10.0.0.1, proto=https ; FOR=203.0.113.7") == "203.0.113.7");
    CHECK(standard("for=\"203.0.113.7:_port\"") == "203.0.113.7");
    CHECK(standard("for=\"\\203.0.113.7\"") == "203.0.113.7");
    CHECK(standard("by=\"a,for=10.0.0.1;b\";for=203.0.113.7") == "203.0.113.7");
    CHECK(client({{"forwarded", "for=10.0.0.1"}, {"forwarded", "for=203.0.113.7"}}) ==
          "203.0.113.7");
}

TEST_CASE("Forwarded names nobody where it is hidden, broken or says it twice") {
    for (const char* value :
         {"for=unknown", "for=_hidden", "for=\"_hidden\"", "proto=https", "", ";;;,,,",
          "for=", "for", "for=127.0.0.1", "for=\"[::1]\"", "for=203.0.113.7;for=203.0.113.8",
          "for=\"203.0.113.7", "for=203.0.113.7, for=\", for=203.0.113.8", "203.0.113.7"}) {
        INFO(value);
        CHECK(standard(value) == nobody);
    }
}

TEST_CASE("of two headers that differ one was invented: neither is believed") {
    CHECK(client({{"x-forwarded-for", "203.0.113.7"}, {"forwarded", "for=203.0.113.8"}}) == nobody);
    CHECK(client({{"x-forwarded-for", "203.0.113.7"}, {"forwarded", "for=unknown"}}) == nobody);
    CHECK(client({{"x-forwarded-for", "203.0.113.7:1"}, {"forwarded", "for=\"203.0.113.7:2\""}}) ==
          "203.0.113.7");
    CHECK(client({{"x-forwarded-for", "203.0.113.7"}, {"forwarded", "proto=https"}}) ==
          "203.0.113.7");
}

TEST_CASE("TLS is known from the proxy that ends it, the nearest one") {
    const auto proto = [](fields headers) { return came_over_tls(with(std::move(headers))); };
    CHECK(proto({{"x-forwarded-proto", "https"}}));
    CHECK(proto({{"x-forwarded-proto", "http, HTTPS "}}));
    CHECK(proto({{"x-forwarded-proto", "http"}, {"x-forwarded-proto", "https"}}));
    CHECK(proto({{"forwarded", "for=203.0.113.7;proto=\"https\""}}));
    CHECK(proto({{"forwarded", "proto=http, proto=https"}}));
    CHECK_FALSE(proto({{"x-forwarded-proto", "http"}}));
    CHECK_FALSE(proto({{"x-forwarded-proto", "https, http"}}));
    CHECK_FALSE(proto({{"x-forwarded-proto", "http"}, {"forwarded", "proto=https"}}));
    CHECK_FALSE(proto({{"forwarded", "proto=https, for=203.0.113.7"}}));
    CHECK_FALSE(proto({}));
}

TEST_CASE("TLS that the server ends itself needs no proxy to say so") {
    CHECK(came_over_tls({.over_tls = true}));
}
