// Whether the page that sent a request may act for its user.
#pragma once

#include "server/http/request.hpp"

#include <span>
#include <string>

namespace parley::http {

// A request without `Origin` comes from a program and is trusted. Otherwise the origin must be the
// host to which the request was sent, with http or https (https alone where the server itself
// speaks TLS), or exactly one of `trusted` (there is no wildcard).
bool is_trusted(const request& request, std::span<const std::string> trusted);

// Whether the name of a foreign page may have been made to point at this machine (DNS rebinding):
// the request comes over loopback without a sign of a proxy, and its Host is neither a name of this
// machine nor that of a trusted origin.
bool may_be_rebound(const request& request, std::span<const std::string> trusted);

// Why is_trusted says no, and what an operator can change, in plain words. REQUIRES: there is an
// Origin.
std::string explain_distrust(const request& request);

}  // namespace parley::http
