// inet_pton is strict: no leading zeros, no octal, no missing parts (RFC 6943, section 3.1.1).
#include "server/base/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace parley::base {
namespace {

using address_bytes = std::array<unsigned char, 16>;

constexpr unsigned mapped_bits = 96;  // before the IPv4 address
constexpr address_bytes loopback_v6{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

bool is_v4(const address_bytes& bytes) {
    constexpr std::array<unsigned char, 12> prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

std::optional<address_bytes> parse(std::string_view text) {
    const std::string whole(text), unzoned(text.substr(0, text.find('%')));
    address_bytes bytes{};
    if (inet_pton(AF_INET6, unzoned.c_str(), bytes.data()) == 1) return bytes;
    bytes[10] = bytes[11] = 0xff;
    if (inet_pton(AF_INET, whole.c_str(), bytes.data() + mapped_bits / 8) == 1) return bytes;
    return std::nullopt;
}

bool same_start(const address_bytes& a, const address_bytes& b, unsigned bits) {
    const auto whole = bits / 8, rest = bits % 8;
    if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
    return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

}  // namespace

std::optional<std::string> normal_address(std::string_view text) {
    const auto bytes = parse(text);
    if (!bytes) return std::nullopt;
    char out[INET6_ADDRSTRLEN];
    if (is_v4(*bytes)) return inet_ntop(AF_INET, bytes->data() + mapped_bits / 8, out, sizeof out);
    return inet_ntop(AF_INET6, bytes->data(), out, sizeof out);
}

bool is_loopback(std::string_view address) {
    const auto bytes = parse(address);
    if (!bytes) return false;
    return is_v4(*bytes) ? (*bytes)[mapped_bits / 8] == 127 : *bytes == loopback_v6;
}

bool network::contains(std::string_view other) const {
    const auto bytes = parse(other);
    return bytes && same_start(address, *bytes, bits);
}

std::optional<network> parse_network(std::string_view text) {
    const auto slash = text.find('/');
    const auto bytes = parse(text.substr(0, slash));
    if (!bytes || text.find('%') != std::string_view::npos) return std::nullopt;
    if (slash == std::string_view::npos) return network{.address = *bytes};
    const std::string_view length = text.substr(slash + 1);
    unsigned bits = 0;
    const auto end = length.data() + length.size();
    const auto [last, error] = std::from_chars(length.data(), end, bits);
    if (error != std::errc{} || last != end) return std::nullopt;
    const bool v4 = text.substr(0, slash).find(':') == std::string_view::npos;
    if (bits > (v4 ? 32 : 128)) return std::nullopt;
    return network{.address = *bytes, .bits = v4 ? bits + mapped_bits : bits};
}

}  // namespace parley::base
