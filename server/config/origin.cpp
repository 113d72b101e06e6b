// A path, a user or a bad port is refused: such an origin would never match anything.
#include "server/config/origin.hpp"

#include <algorithm>

namespace parley::config {
namespace {

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
           std::stoul(std::string(text)) <= 65'535;
}

// A name, an IPv4 address or an IPv6 address in brackets; then perhaps a port.
bool is_host_with_port(std::string_view text) {
    const auto bracket = text.starts_with('[') ? text.find(']') : 0;
    if (bracket == std::string_view::npos) return false;
    const auto colon = text.find(':', bracket);
    const std::string_view host = text.substr(0, colon);
    if (host.empty() || (bracket > 0 && bracket + 1 != host.size())) return false;
    constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789.-_";
    const std::string_view name = bracket > 0 ? host.substr(1, bracket - 1) : host;
    const auto allowed = [&](char c) {
        return letters.find(c) != std::string_view::npos || (bracket > 0 && c == ':');
    };
    if (name.empty() || !std::all_of(name.begin(), name.end(), allowed)) return false;
    return colon == std::string_view::npos || is_port(text.substr(colon + 1));
}

}  // namespace

std::string normal_origin(std::string_view origin) {
    std::string out(origin);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const bool secure = out.starts_with("https://");
    if (!secure && !out.starts_with("http://")) return {};
    if (!is_host_with_port(std::string_view(out).substr(secure ? 8 : 7))) return {};
    const std::string_view default_port = secure ? ":443" : ":80";
    if (out.ends_with(default_port)) out.erase(out.size() - default_port.size());
    return out;
}

}  // namespace parley::config
