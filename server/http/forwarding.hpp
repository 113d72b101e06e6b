// Whose request it is, behind a reverse proxy or not: the client's address, whether it came over
// TLS, and whether it comes from this machine.
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
    direct,  // by default, while only this machine can connect: see is_from_here
    on,
};

// Stands for the address of a client that a proxy does not name: all such clients share its limits.
inline constexpr std::string_view nobody = "unknown";

// Whether a header says that the request passed a proxy.
bool was_forwarded(const request& request);

// Whether Host is localhost, a name below it, or a loopback address, with or without a port.
bool names_this_machine(const request& request);

// Whether the request was sent on this machine and came straight to the server: over loopback, in
// HTTP/1.1, to a name of this machine, without a sign of a proxy. All rights of people on this
// machine depend on it. A page of another name that was made to point here (DNS rebinding) is not
// from here. The source lists the proxies that cannot be seen.
bool is_from_here(const request& request);

// Whether the peer is believed about its clients: it is on this machine, or in a network that
// --proxy names.
bool is_believed_proxy(std::string_view peer, std::span<const base::network> proxies);

// The client's address, without a port: the peer's, or behind a believed proxy the one that it has
// added to X-Forwarded-For or Forwarded (RFC 7239), or `nobody` when it has added none.
std::string client_address(const request& request, std::span<const base::network> proxies = {});

// Whether the client uses TLS: with the server itself, or the nearest proxy says so
// (X-Forwarded-Proto, else Forwarded).
bool came_over_tls(const request& request);

bool takes_guests(guest_policy policy, const request& request);

}  // namespace parley::http
