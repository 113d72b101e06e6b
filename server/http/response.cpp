// Every response carries the same security headers: an error page can be framed too.
#include "server/http/response.hpp"

#include "server/base/clock.hpp"

#include <ctime>

namespace parley::http {
namespace {

constexpr std::string_view security_headers =
    "Content-Security-Policy: default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src "
    "'self'; "
    "connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=()\r\n";

// RFC 9110, section 5.6.7. The locale is "C": the program never sets another.
std::string date_now() {
    const auto now = static_cast<std::time_t>(base::wall_time() / 1'000);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

bool has_body(int status) { return status != 204 && status != 304; }

}  // namespace

std::string_view reason_of(int status) {
    switch (status) {
        case 200: return "OK";
        case 204: return "No Content";
        case 304: return "Not Modified";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 410: return "Gone";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 426: return "Upgrade Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        case 505: return "HTTP Version Not Supported";
        default: return "Unknown";
    }
}

response text_response(int status, std::string_view text) {
    response out{.status = status};
    out.set("Content-Type", "text/plain; charset=utf-8");
    out.set("Cache-Control", "no-store");
    out.owned = std::make_shared<const std::string>(
        std::string(text.empty() ? reason_of(status) : text).append("\n"));
    out.body = *out.owned;
    return out;
}

response json_response(int status, std::string body) {
    response out{.status = status};
    out.set("Content-Type", "application/json");
    out.set("Cache-Control", "no-store");
    out.owned = std::make_shared<const std::string>(std::move(body));
    out.body = *out.owned;
    return out;
}

response too_many_requests(std::uint64_t retry_ms, int status) {
    response out = text_response(status);
    out.set("Retry-After", std::to_string((retry_ms + 999) / 1000));
    return out;
}

std::string serialize_head(const response& response, bool keep_alive) {
    std::string out;
    out.reserve(1024);
    out.append("HTTP/1.1 ")
        .append(std::to_string(response.status))
        .append(" ")
        .append(reason_of(response.status));
    out.append("\r\nServer: Parley\r\nDate: ")
        .append(date_now())
        .append("\r\n")
        .append(security_headers);
    for (const auto& [name, value] : response.headers)
        out.append(name).append(": ").append(value).append("\r\n");
    if (has_body(response.status))
        out.append("Content-Length: ").append(std::to_string(response.body.size())).append("\r\n");
    out.append(keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
    return out;
}

}  // namespace parley::http
