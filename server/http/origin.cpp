// Without TLS of its own, the server takes the scheme from the origin: a proxy may have ended TLS.
// With it, a page of the same name that came over http may be anybody's on the way.
#include "server/http/origin.hpp"

#include "server/base/address.hpp"
#include "server/config/origin.hpp"
#include "server/http/forwarding.hpp"

#include <algorithm>

namespace parley::http {

using config::normal_origin;

namespace {

constexpr std::size_t shown_bytes_max = 120;

}  // namespace

bool is_trusted(const request& asked, std::span<const std::string> trusted) {
    const auto origin = asked.header("origin");
    if (!origin) return true;
    const std::string from = normal_origin(*origin);
    if (from.empty()) return false;
    const std::string scheme = from.substr(0, from.find("//") + 2);
    const auto host = asked.header("host");
    const bool may_be_own = !asked.over_tls || scheme == "https://";
    if (may_be_own && host && normal_origin(scheme + std::string(*host)) == from) return true;
    return std::any_of(trusted.begin(), trusted.end(),
                       [&](const std::string& one) { return normal_origin(one) == from; });
}

bool may_be_rebound(const request& asked, std::span<const std::string> trusted) {
    if (!base::is_loopback(asked.peer_address) || asked.version != http_1_1) return false;
    if (was_forwarded(asked) || names_this_machine(asked)) return false;
    const std::string host(asked.header("host").value_or(""));
    return std::none_of(trusted.begin(), trusted.end(), [&](const std::string& one) {
        const std::string scheme = one.substr(0, one.find("//") + 2);
        return normal_origin(scheme + host) == normal_origin(one);
    });
}

// What both headers hold comes from outside: it is shown only where it is an origin, and short.
std::string explain_distrust(const request& asked) {
    const std::string origin = normal_origin(asked.header("origin").value_or(""));
    if (origin.empty() || origin.size() > shown_bytes_max)
        return "pages without an origin of http or https are not trusted";
    const std::string_view scheme = asked.over_tls ? "https://" : "http://";
    const std::string own =
        normal_origin(std::string(scheme) + std::string(asked.header("host").value_or("")));
    std::string host = own.empty() || own.size() > shown_bytes_max ? "another host" : own;
    if (!asked.over_tls && host.starts_with(scheme)) host.erase(0, scheme.size());
    return "origin " + origin + " does not match Host " + host +
           ": let the proxy pass Host on; if that page is your own, start the server with "
           "--origin " +
           origin;
}

}  // namespace parley::http
