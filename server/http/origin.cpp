// The scheme is taken from the origin itself: behind a proxy that ends TLS, the server does not know its own.
#include "server/http/origin.hpp"

#include "server/http/tokens.hpp"

#include <algorithm>

namespace parley::http {

std::string normal_origin(std::string_view origin) {
    std::string out = to_lower(origin);
    const bool secure = out.starts_with("https://");
    if (!secure && !out.starts_with("http://")) return {};
    const std::size_t host = secure ? 8 : 7;
    if (out.size() == host || out.find_first_of("/@?# ", host) != std::string::npos) return {};
    const std::string_view default_port = secure ? ":443" : ":80";
    if (out.ends_with(default_port)) out.erase(out.size() - default_port.size());
    return out;
}

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
