// Without TLS of its own, the server takes the scheme from the origin: a proxy may have ended TLS.
// With it, a page of the same name that came over http may be anybody's on the way.
#include "server/http/origin.hpp"

#include "server/config/origin.hpp"

#include <algorithm>

namespace parley::http {

using config::normal_origin;

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

}  // namespace parley::http
