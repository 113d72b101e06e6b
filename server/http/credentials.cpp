// HttpOnly keeps the token from scripts, SameSite=Lax keeps it from requests that other sites make.
#include "server/http/credentials.hpp"

#include "server/http/tokens.hpp"

namespace parley::http {
namespace {

constexpr std::string_view plain_name = "parley_session";
constexpr std::string_view secure_name = "__Host-parley_session";
constexpr std::string_view lifetime = "2592000";  // 30 days, as the session itself

std::string cookie(std::string_view value, std::string_view max_age, bool over_tls) {
    std::string out(over_tls ? secure_name : plain_name);
    out.append("=")
        .append(value)
        .append("; Path=/; Max-Age=")
        .append(max_age)
        .append("; HttpOnly; SameSite=Lax");
    if (over_tls) out.append("; Secure");
    return out;
}

std::string_view cookie_value(std::string_view cookies, std::string_view name) {
    std::string_view out;
    for_each_element(cookies, ';', [&](std::string_view pair) {
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || pair.substr(0, equals) != name) return true;
        out = pair.substr(equals + 1);
        return false;
    });
    return out;
}

}  // namespace

std::string token_of(const request& asked) {
    if (const auto given = asked.header("authorization")) {
        constexpr std::string_view scheme = "bearer ";
        const bool bearer =
            given->size() > scheme.size() && same_token(given->substr(0, scheme.size()), scheme);
        return bearer ? std::string(trim(given->substr(scheme.size()))) : std::string();
    }
    const auto cookies = asked.header("cookie").value_or("");
    const auto bound = cookie_value(cookies, secure_name);
    return std::string(bound.empty() ? cookie_value(cookies, plain_name) : bound);
}

std::string session_cookie(std::string_view token, bool over_tls) {
    return cookie(token, lifetime, over_tls);
}

std::string expired_session_cookie(bool over_tls) { return cookie("", "0", over_tls); }

}  // namespace parley::http
