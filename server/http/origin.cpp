// Without TLS of its own, the server takes the scheme from the origin: a proxy may have ended TLS.
// With TLS, a page of the same name that came over http may be that of anybody on the way.
#include "server/http/origin.hpp"

#include "server/base/address.hpp"
#include "server/config/origin.hpp"
#include "server/http/forwarding.hpp"
#include "shared/ensure.hpp"

#include <algorithm>

namespace parley::http {

using config::normal_origin;

namespace {

constexpr std::size_t shown_bytes_max = 120;

}  // namespace

bool is_trusted(const request& request, std::span<const std::string> trusted) {
    const auto origin = request.header("origin");
    if (!origin) return true;
    const std::string from = normal_origin(*origin);
    if (from.empty()) return false;
    const std::string scheme = from.substr(0, from.find("//") + 2);
    const auto host = request.header("host");
    const bool may_be_own = !request.over_tls || scheme == "https://";
    if (may_be_own && host && normal_origin(scheme + std::string(*host)) == from) return true;
    return std::any_of(trusted.begin(), trusted.end(),
                       [&](const std::string& own) { return normal_origin(own) == from; });
}

bool may_be_rebound(const request& request, std::span<const std::string> trusted) {
    if (!base::is_loopback(request.peer_address) || request.version != http_1_1) return false;
    if (was_forwarded(request) || names_this_machine(request)) return false;
    const std::string host(request.header("host").value_or(""));
    return std::none_of(trusted.begin(), trusted.end(), [&](const std::string& own) {
        const std::string scheme = own.substr(0, own.find("//") + 2);
        return normal_origin(scheme + host) == normal_origin(own);
    });
}

// Both headers come from outside: they are shown only if they are origins, and short.
std::string explain_distrust(const request& request) {
    ensure(request.header("origin").has_value());
    const std::string origin = normal_origin(request.header("origin").value_or(""));
    if (origin.empty() || origin.size() > shown_bytes_max)
        return "pages without an origin of http or https are not trusted";
    const std::string_view scheme = request.over_tls ? "https://" : "http://";
    const std::string own =
        normal_origin(std::string(scheme) + std::string(request.header("host").value_or("")));
    std::string host = own.empty() || own.size() > shown_bytes_max ? "another host" : own;
    if (!request.over_tls && host.starts_with(scheme)) host.erase(0, scheme.size());
    return "origin " + origin + " does not match Host " + host +
           ": let the proxy pass Host on; if that page is your own, start the server with "
           "--origin " +
           origin;
}

}  // namespace parley::http
