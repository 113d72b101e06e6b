// Whom an address stands for: one machine or household counts once, however many addresses its
// network gives it.
#pragma once

#include <string>

namespace parley::net {

// An IPv4 address as it is, also when it is mapped into IPv6; of IPv6 the /64 (RFC 6177: nobody is
// given less), but for
// ::1. What is no address comes back unchanged.
std::string network_of(const std::string& address);

}  // namespace parley::net
