// Which addresses count as one.
#include "server/net/network.hpp"

#include "tests/unit/catch.hpp"

using parley::net::network_of;

TEST_CASE("an IPv4 address stands for itself, mapped into IPv6 or not") {
    CHECK(network_of("203.0.113.7") == "203.0.113.7");
    CHECK(network_of("::ffff:203.0.113.7") == "203.0.113.7");
    CHECK(network_of("::ffff:127.0.0.1") == "127.0.0.1");
    CHECK(network_of("203.0.113.8") != network_of("203.0.113.7"));
}

TEST_CASE("an IPv6 address stands for its /64, with or without a zone") {
    CHECK(network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    CHECK(network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::1"));
    CHECK(network_of("2001:db8:1:3::1") != network_of("2001:db8:1:2::1"));
    CHECK(network_of("fe80::1%1") == network_of("fe80::2%2"));
}

TEST_CASE("this machine stays this machine, and what is no address stays as it is") {
    CHECK(network_of("127.0.0.1") == "127.0.0.1");
    CHECK(network_of("::1") == "::1");
    CHECK(network_of("unknown") == "unknown");
    CHECK(network_of("") == "");
}
