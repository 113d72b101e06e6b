// Splits at the last colon. Names other than localhost are refused: their address can change.
#include "server/config/listen_address.hpp"

#include "server/base/address.hpp"

#include <arpa/inet.h>

#include <charconv>

namespace parley::config {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return port;
}

bool is_literal(int family, const std::string& host) {
    unsigned char bytes[sizeof(in6_addr)];
    return inet_pton(family, host.c_str(), bytes) == 1;
}

std::optional<std::string> parse_host(std::string_view text) {
    if (text.empty()) return "0.0.0.0";
    if (text == "localhost") return "127.0.0.1";
    if (text.front() == '[' && text.back() == ']') {
        std::string host(text.substr(1, text.size() - 2));
        if (is_literal(AF_INET6, host)) return host;
    } else if (std::string host(text); is_literal(AF_INET, host)) {
        return host;
    }
    return std::nullopt;
}

}  // namespace

bool listen_address::is_loopback() const { return base::is_loopback(host); }

std::string listen_address::text() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string listen_address::url(bool over_tls) const {
    const bool is_local = is_loopback() || host == "0.0.0.0" || host == "::";
    const listen_address shown{is_local ? "localhost" : host, port};
    return (over_tls ? "https://" : "http://") + shown.text() + "/";
}

std::optional<listen_address> parse_listen_address(std::string_view text) {
    const auto colon = text.rfind(':');
    const auto port = parse_port(colon == std::string_view::npos ? text : text.substr(colon + 1));
    if (!port) return std::nullopt;
    if (colon == std::string_view::npos) return listen_address{.port = *port};
    const auto host = parse_host(text.substr(0, colon));
    if (!host) return std::nullopt;
    return listen_address{*host, *port};
}

}  // namespace parley::config
