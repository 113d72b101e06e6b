// The scheme is taken from the origin itself: behind a proxy that ends TLS, the server does not know its own.
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
    if (host && normal_origin(scheme + std::string(*host)) == from) return true;
    return std::any_of(trusted.begin(), trusted.end(),
                       [&](const std::string& one) { return normal_origin(one) == from; });
}

}  // namespace parley::http
