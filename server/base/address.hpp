// IP addresses as text: which text is one, and which network contains it.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace parley::base {

// The usual form of an IPv4 or IPv6 address (RFC 5952); nothing when the text is no address. An
// IPv4 address that is mapped into IPv6 becomes IPv4, and a zone (fe80::1%eth0) is removed. Ports
// and brackets are no part of an address.
std::optional<std::string> normal_address(std::string_view text);

// Whether the address is this machine's own: 127.0.0.0/8 or ::1. The limits by address do not apply
// to it: it is a program of the operator, or a proxy that does not name its clients.
bool is_loopback(std::string_view address);

// The addresses whose first `bits` bits are those of `address`. IPv4 is mapped into IPv6 (RFC 4291,
// section 2.5.5.2).
struct network {
    std::array<unsigned char, 16> address{};
    unsigned bits = 128;

    bool contains(std::string_view other) const;
    bool operator==(const network&) const = default;
};

// 10.0.0.0/8, 2001:db8::/32, or a single address.
std::optional<network> parse_network(std::string_view text);

}  // namespace parley::base
