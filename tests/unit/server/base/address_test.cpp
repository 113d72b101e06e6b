// Which texts are addresses, and which addresses a network contains.
#include "server/base/address.hpp"

#include "tests/unit/catch.hpp"

using namespace parley::base;

TEST_CASE("an address has one form") {
    CHECK(normal_address("192.0.2.7") == "192.0.2.7");
    CHECK(normal_address("::ffff:192.0.2.7") == "192.0.2.7");
    CHECK(normal_address("2001:DB8:0:0::1") == "2001:db8::1");
    CHECK(normal_address("fe80::1%eth0") == "fe80::1");
    for (const char* text : {"", "localhost", "192.0.2", "192.0.2.07", "192.0.2.7%eth0", "[::1]",
                             "::1:", "192.0.2.7:80", " ::1", "::1 "}) {
        INFO(text);
        CHECK_FALSE(normal_address(text));
    }
}

TEST_CASE("this machine's own addresses") {
    for (const char* text : {"127.0.0.1", "127.255.0.9", "::1", "::ffff:127.0.0.1"})
        CHECK(is_loopback(text));
    for (const char* text :
         {"128.0.0.1", "::2", "0.0.0.0", "::", "127.0.0.1.example", "unknown", ""})
        CHECK_FALSE(is_loopback(text));
}

TEST_CASE("a network contains the addresses that begin like it") {
    const auto contains = [](const char* network, const char* address) {
        const auto parsed = parse_network(network);
        return parsed && parsed->contains(address);
    };
    CHECK(contains("10.0.0.0/8", "10.255.0.1"));
    CHECK_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
    CHECK(contains("192.0.2.128/25", "192.0.2.255"));
    CHECK_FALSE(contains("192.0.2.128/25", "192.0.2.127"));
    CHECK(contains("192.0.2.7", "192.0.2.7"));
    CHECK_FALSE(contains("192.0.2.7", "192.0.2.6"));
    CHECK(contains("0.0.0.0/0", "8.8.8.8"));
    CHECK_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
    CHECK(contains("::/0", "2001:db8::1"));
    CHECK(contains("2001:db8::/33", "2001:db8:7fff::1"));
    CHECK_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
    CHECK_FALSE(contains("::/0", "unknown"));
    for (const char* text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1",
                             "10.0.0.0/8x", "10.0.0/8", "fe80::%eth0/64", "example/8"}) {
        INFO(text);
        CHECK_FALSE(parse_network(text));
    }
}
