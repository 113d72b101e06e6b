// IP addresses as text: which text is one, and which network it lies in.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace parley::base {

// The usual form of an IPv4 or IPv6 address (RFC 5952), or nothing when the text is none. An IPv4
// address that is mapped into IPv6 becomes IPv4, and a zone (fe80::1%eth0) is left out. Ports and
// brackets belong to no address.
std::optional<std::string> normal_address(std::string_view text);

// Whether only this machine has the address: 127.0.0.0/8 or ::1.
bool is_loopback(std::string_view address);

// The addresses that begin as `address` does, in its first `bits` bits. IPv4 stands as it is mapped
// into IPv6 (RFC 4291, section 2.5.5.2).
struct network {
    std::array<unsigned char, 16> address{};
    unsigned bits = 128;

    bool contains(std::string_view other) const;
    bool operator==(const network&) const = default;
};

// 10.0.0.0/8, 2001:db8::/32, or a single address.
std::optional<network> parse_network(std::string_view text);

}  // namespace parley::base
