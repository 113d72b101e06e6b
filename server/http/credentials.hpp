// The token that a request speaks with, and the cookie that a browser keeps it in.
#pragma once

#include "server/http/request.hpp"

#include <string>
#include <string_view>

namespace parley::http {

// From `Authorization: Bearer`, or from the cookie; empty when there is none.
std::string token_of(const request& asked);

// Values of Set-Cookie. Over TLS the name has the prefix `__Host-`, which binds it to this host
// alone (RFC 6265bis).
std::string session_cookie(std::string_view token, bool over_tls);
std::string expired_session_cookie(bool over_tls);

}  // namespace parley::http
