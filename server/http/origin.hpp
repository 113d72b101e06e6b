// Whether the page that a browser's request comes from may speak for its user.
#pragma once

#include "server/http/request.hpp"

#include <span>
#include <string>

namespace parley::http {

// A request without `Origin` comes from a program, which needs no match. Otherwise the origin must
// be the host that the request was sent to, under http or https (https alone where the server
// itself speaks TLS), or one of `trusted` (each exactly; there is no wildcard).
bool is_trusted(const request& asked, std::span<const std::string> trusted);

// Whether a page of another name may have been made to point at this machine (DNS rebinding): the
// request comes over loopback with no sign of a proxy, for a host that is neither this machine's
// nor that of a trusted origin.
bool may_be_rebound(const request& asked, std::span<const std::string> trusted);

// Why it is not, and what an operator can change, in plain words. REQUIRES: not is_trusted.
std::string explain_distrust(const request& asked);

}  // namespace parley::http
