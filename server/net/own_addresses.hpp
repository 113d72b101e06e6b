// The addresses by which others may reach this machine.
#pragma once

#include <string>
#include <vector>

namespace parley::net {

inline constexpr std::size_t own_addresses_max = 4;

// For a server that listens on `host`, a literal address: `host` itself, or for 0.0.0.0 and ::
// those of the machine's interfaces that are up, IPv4 first, without loopback and link-local ones;
// `own_addresses_max` at most, and none when the system does not say.
std::vector<std::string> own_addresses(const std::string& host);

}  // namespace parley::net
