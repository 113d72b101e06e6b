// The session token of a request, and the cookies in which a browser keeps it.
#pragma once

#include "server/http/request.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace parley::http {

// Separates the cookies of several servers on one host. Browsers share cookies between the ports of
// a host (RFC 6265, section 8.5), so the port is part of their names.
struct cookie_scope {
    std::uint16_t port = 0;  // where the server listens: the same behind any proxy
    std::string path = "/";  // the server's base path: other paths do not see its cookies
};

// From `Authorization: Bearer`, else from the cookie; empty when there is none. Cookie names
// without a port, as versions before 0.2 set them, are read until version 0.3.
std::string token_of(const request& request, const cookie_scope& scope);

// Values for Set-Cookie in the answer to this request, each for a header of its own. Over TLS the
// name has the prefix `__Host-`, which binds it to this host alone, or below a path `__Secure-`
// (RFC 6265bis).
//
// The browser keeps this token, and no other session cookie of ours.
std::vector<std::string> session_cookies(const request& request, const std::string& token,
                                         const cookie_scope& scope);

// The browser keeps its session cookie for a whole lifetime from now on, as the ledger keeps the
// session. None when the token did not come in a cookie.
std::vector<std::string> renewed_session_cookies(const request& request, const cookie_scope& scope);

// The browser forgets every session cookie that the request brought.
std::vector<std::string> expired_session_cookies(const request& request, const cookie_scope& scope);

// The device token (server/auth/devices.hpp). Browsers keep it for 400 days, the longest that they
// allow (RFC 6265bis); signing out does not remove it.
std::string device_token_of(const request& request, const cookie_scope& scope);
std::string device_cookie(const request& request, const std::string& token,
                          const cookie_scope& scope);

}  // namespace parley::http
