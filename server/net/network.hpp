// The network that an address belongs to: one machine or household counts once, however many
// addresses it has.
#pragma once

#include <string>

namespace parley::net {

// An IPv4 address stays, also when it is mapped into IPv6. Of IPv6 the /64 is returned (RFC 6177:
// nobody is given less), except for ::1. A text that is no address comes back unchanged.
std::string network_of(const std::string& address);

}  // namespace parley::net
