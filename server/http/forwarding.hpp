// What a reverse proxy says about the request that it passes on, whom the request counts for, and
// who is on this machine.
#pragma once

#include "server/base/address.hpp"
#include "server/http/request.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace parley::http {

enum class guest_policy : std::uint8_t {
    off,
    direct,  // nobody decided, and only this machine can connect: guests are those who are from
             // here, see is_from_here
    on,
};

// The address of a client that a proxy does not name: all such clients share its limits.
inline constexpr std::string_view nobody = "unknown";

// Whether a header says that the request passed a proxy.
bool was_forwarded(const request& asked);

// Whether Host is localhost, a name below it, or a loopback address, with or without a port.
bool names_this_machine(const request& asked);

// Whether the request was sent on this machine and came straight to the server: over loopback, in
// HTTP/1.1, for a name of this machine, without a sign of a proxy. Whatever this machine's own
// people may do beyond others hangs on it; a page of another name that was made to point here (DNS
// rebinding) is not from here. The source says which proxies cannot be seen.
bool is_from_here(const request& asked);

// Whether what the peer says about its clients counts: one on this machine, or in a network that
// --proxy names.
bool is_believed_proxy(std::string_view peer, std::span<const base::network> proxies);

// The address that the request counts for, without its port: its peer's; behind a proxy that is
// believed the one that the proxy has added to X-Forwarded-For or Forwarded (RFC 7239), or `nobody`
// when it has added none.
std::string client_address(const request& asked, std::span<const base::network> proxies = {});

// Whether the client came over TLS: to the server itself, or the nearest proxy says so
// (X-Forwarded-Proto, else Forwarded).
bool came_over_tls(const request& asked);

bool takes_guests(guest_policy policy, const request& asked);

}  // namespace parley::http
