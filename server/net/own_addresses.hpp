// The addresses by which others may reach this machine.
#pragma once

#include <string>
#include <vector>

namespace parley::net {

inline constexpr std::size_t own_addresses_max = 4;

// For a server that listens on `host`, a literal address: `host` itself; for 0.0.0.0 and :: the
// addresses of the interfaces that are up, IPv4 first, without loopback and link-local ones. At
// most `own_addresses_max`, and none when the system gives none.
std::vector<std::string> own_addresses(const std::string& host);

}  // namespace parley::net
