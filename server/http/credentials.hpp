// The token that a request speaks with, and the cookie that a browser keeps it in.
#pragma once

#include "server/http/request.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace parley::http {

// Tells the cookies of one server from those of another on the same host: browsers share cookies
// between the ports of a host (RFC 6265, section 8.5), so their names hold the port.
struct cookie_scope {
    std::uint16_t port = 0;  // that the server listens on: the same behind any proxy
    std::string path = "/";  // the server's base: what else is on the host does not see its cookies
};

// From `Authorization: Bearer`, or from the cookie; empty when there is none. Names without a port,
// which versions before 0.2 used, are read until version 0.3.
std::string token_of(const request& asked, const cookie_scope& scope);

// Values for Set-Cookie, each for a header of its own, that answer this request. Over TLS the name
// has the prefix `__Host-`, which binds it to this host alone, or below a path `__Secure-` (RFC
// 6265bis).
//
// The browser keeps this token, and no cookie of ours but this.
std::vector<std::string> session_cookies(const request& asked, const std::string& token,
                                         const cookie_scope& scope);

// The browser keeps the cookie that brought this request for a whole lifetime from now on, as the
// ledger does its session. None when no cookie brought it.
std::vector<std::string> renewed_session_cookies(const request& asked, const cookie_scope& scope);

// The browser keeps none: all that the request brought end.
std::vector<std::string> expired_session_cookies(const request& asked, const cookie_scope& scope);

// What a browser keeps to prove that it has signed in before (server/auth/devices.hpp), for as long
// as browsers keep anything (400 days, RFC 6265bis); signing out leaves it.
std::string device_token_of(const request& asked, const cookie_scope& scope);
std::string device_cookie(const request& asked, const std::string& token,
                          const cookie_scope& scope);

}  // namespace parley::http
