// The authority is checked as strictly as an origin: it has no user, and nothing that two readers
// could split in different places.
#include "server/http/target.hpp"

#include "server/config/origin.hpp"
#include "server/http/tokens.hpp"

#include <algorithm>

namespace parley::http {
namespace {

bool is_target_byte(char c) {
    return c > ' ' && c < 0x7F && c != '#' && c != '"' && c != '<' && c != '>' && c != '\\';
}

std::optional<target> parse_absolute(std::string_view method, std::string_view text) {
    const auto slashes = text.find("://");
    if (slashes == std::string_view::npos) return std::nullopt;
    const std::string scheme = to_lower(text.substr(0, slashes));
    const std::string_view rest = text.substr(slashes + 3);
    const auto end = std::min(rest.find_first_of("/?"), rest.size());
    target out{.authority = rest.substr(0, end), .needs_tls = scheme == "https"};
    if (config::normal_origin(scheme + "://" + std::string(out.authority)).empty())
        return std::nullopt;
    out.path = rest.substr(end);
    if (out.path.empty()) out.path = method == "OPTIONS" ? "*" : "/";
    if (out.path.starts_with('?')) out.path.insert(0, 1, '/');
    return out;
}

}  // namespace

std::optional<target> parse_target(std::string_view method, std::string_view text) {
    if (text.empty() || !std::all_of(text.begin(), text.end(), is_target_byte)) return std::nullopt;
    if (text.starts_with('/')) return target{.path = std::string(text)};
    if (text == "*") return method == "OPTIONS" ? std::optional(target{.path = "*"}) : std::nullopt;
    return parse_absolute(method, text);
}

}  // namespace parley::http
