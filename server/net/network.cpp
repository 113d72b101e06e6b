// The last 64 bits of an IPv6 address are the machine's own to choose (RFC 4291, section 2.5.1).
#include "server/net/network.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace parley::net {

namespace ip = boost::asio::ip;

std::string network_of(const std::string& address) {
    boost::system::error_code error;
    const auto parsed = ip::make_address(address, error);
    if (error || parsed.is_v4() || parsed.is_loopback()) return address;
    const auto wide = parsed.to_v6();
    if (wide.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, wide).to_string();
    return ip::make_network_v6(ip::address_v6(wide.to_bytes()), 64).canonical().to_string();
}

}  // namespace parley::net
