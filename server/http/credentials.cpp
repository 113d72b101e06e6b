// HttpOnly keeps the token from scripts, SameSite=Lax keeps it from requests that other sites make.
#include "server/http/credentials.hpp"

#include "server/chat/ledger.hpp"
#include "server/http/forwarding.hpp"
#include "server/http/tokens.hpp"

#include <array>
#include <string_view>

namespace parley::http {
namespace {

constexpr std::string_view old_name = "parley_session";
constexpr std::string_view host_prefix = "__Host-";  // needs the path /
constexpr std::string_view secure_prefix = "__Secure-";
constexpr std::string_view device_name = "parley_device";
constexpr std::uint64_t device_lifetime_s = 400ULL * 24 * 60 * 60;
constexpr std::uint64_t lifetime_s = chat::session_lifetime_ms / 1'000;

struct cookie_key {
    std::string name;
    std::string_view path;
};

cookie_key key_of(const cookie_scope& scope, bool secure, std::string_view name = old_name) {
    const std::string_view prefix = scope.path == "/" ? host_prefix : secure_prefix;
    std::string full(secure ? prefix : "");
    full.append(name).append("_").append(std::to_string(scope.port));
    return {.name = std::move(full), .path = scope.path};
}

// The cookies that a request may bring, the most trustworthy first.
std::array<cookie_key, 4> keys_read(const cookie_scope& scope) {
    return {key_of(scope, true), key_of(scope, false),
            cookie_key{.name = std::string(host_prefix).append(old_name), .path = "/"},
            cookie_key{.name = std::string(old_name), .path = "/"}};
}

std::string cookie(const cookie_key& key, std::string_view value, std::uint64_t max_age_s) {
    std::string out = key.name + "=";
    out.append(value).append("; Path=").append(key.path);
    out.append("; Max-Age=").append(std::to_string(max_age_s));
    out.append("; HttpOnly; SameSite=Lax");
    return key.name.starts_with("__") ? out.append("; Secure") : out;
}

std::string_view cookie_value(const request& request, std::string_view name) {
    std::string_view out;
    const auto cookies = request.header("cookie").value_or("");
    for_each_element(cookies, ';', [&](std::string_view pair) {
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name) return true;
        out = pair.substr(equals + 1);
        return false;
    });
    return out;
}

// Sets the cookie of the current name, and removes those that the request brought under others.
std::vector<std::string> replace_all(const request& request, const cookie_scope& scope,
                                     std::string_view value, std::uint64_t max_age_s) {
    const cookie_key current = key_of(scope, came_over_tls(request));
    std::vector<std::string> out{cookie(current, value, max_age_s)};
    for (const cookie_key& key : keys_read(scope))
        if (key.name != current.name && !cookie_value(request, key.name).empty())
            out.push_back(cookie(key, "", 0));
    return out;
}

}  // namespace

std::string token_of(const request& request, const cookie_scope& scope) {
    if (const auto given = request.header("authorization")) {
        constexpr std::string_view scheme = "bearer ";
        const bool bearer =
            given->size() > scheme.size() && same_token(given->substr(0, scheme.size()), scheme);
        return bearer ? std::string(trim(given->substr(scheme.size()))) : std::string();
    }
    for (const cookie_key& key : keys_read(scope))
        if (const auto value = cookie_value(request, key.name); !value.empty())
            return std::string(value);
    return {};
}

std::string device_token_of(const request& request, const cookie_scope& scope) {
    const auto secure = cookie_value(request, key_of(scope, true, device_name).name);
    return std::string(
        secure.empty() ? cookie_value(request, key_of(scope, false, device_name).name) : secure);
}

std::string device_cookie(const request& request, const std::string& token,
                          const cookie_scope& scope) {
    return cookie(key_of(scope, came_over_tls(request), device_name), token, device_lifetime_s);
}

std::vector<std::string> session_cookies(const request& request, const std::string& token,
                                         const cookie_scope& scope) {
    return replace_all(request, scope, token, lifetime_s);
}

std::vector<std::string> renewed_session_cookies(const request& request,
                                                 const cookie_scope& scope) {
    const std::string token = request.header("authorization") ? "" : token_of(request, scope);
    return token.empty() ? std::vector<std::string>() : session_cookies(request, token, scope);
}

std::vector<std::string> expired_session_cookies(const request& request,
                                                 const cookie_scope& scope) {
    return replace_all(request, scope, "", 0);
}

}  // namespace parley::http
