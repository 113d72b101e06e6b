// What a reverse proxy says about the request that it passes on, and what follows from it for
// guests.
#pragma once

#include "server/http/request.hpp"

#include <cstdint>
#include <string_view>

namespace parley::http {

enum class guest_policy : std::uint8_t {
    off,
    direct,  // nobody decided, and only this machine can connect: whoever comes through a proxy, or
             // from a page whose name was made to point here (DNS rebinding), is no guest
    on,
};

// Whether the request came through a proxy: X-Forwarded-For, X-Forwarded-Proto or Forwarded (RFC
// 7239).
bool was_forwarded(const request& asked);

// The last of X-Forwarded-For, which the nearest proxy has added; whatever comes before it, a
// client can invent. Empty when there is none; not checked.
std::string_view forwarded_for(const request& asked);

// Whether Host is localhost, a name below it, or a loopback address, with or without a port.
bool names_this_machine(const request& asked);

bool takes_guests(guest_policy policy, const request& asked);

}  // namespace parley::http
