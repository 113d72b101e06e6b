// Only the last element is believed: the nearest proxy has added it. A client can invent all
// others. Proxies that add one of the two headers mostly pass the other on as the client sent it.
// So when the two name different clients, one was invented, and neither is believed.
#include "server/http/forwarding.hpp"

#include "server/base/address.hpp"
#include "server/http/tokens.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace parley::http {
namespace {

constexpr std::string_view addresses_field = "x-forwarded-for", scheme_field = "x-forwarded-proto",
                           standard_field = "forwarded";

// Headers that proxies and CDNs add. A proxy that adds nothing, speaks HTTP/1.1 and sends a
// loopback Host cannot be seen. Nor can one that only passes bytes on (ssh -L, a stream proxy).
// Behind those an operator must say --guests off.
constexpr std::array<std::string_view, 16> proxy_fields{"forwarded",
                                                        "via",
                                                        "x-real-ip",
                                                        "x-client-ip",
                                                        "client-ip",
                                                        "x-remote-ip",
                                                        "true-client-ip",
                                                        "x-cluster-client-ip",
                                                        "fastly-client-ip",
                                                        "fly-client-ip",
                                                        "cdn-loop",
                                                        "x-scheme",
                                                        "x-original-host",
                                                        "x-original-uri",
                                                        "x-original-forwarded-for",
                                                        "proxy-connection"};
constexpr std::array<std::string_view, 6> proxy_prefixes{"x-forwarded", "cf-",    "x-envoy-",
                                                         "x-amzn-",     "x-arr-", "x-azure-"};

bool is_proxy_field(std::string_view name) {
    return std::find(proxy_fields.begin(), proxy_fields.end(), name) != proxy_fields.end() ||
           std::any_of(proxy_prefixes.begin(), proxy_prefixes.end(),
                       [&](std::string_view prefix) { return name.starts_with(prefix); });
}

std::optional<std::string_view> last_field(const request& request, std::string_view name) {
    const auto last = std::find_if(request.headers.rbegin(), request.headers.rend(),
                                   [&](const auto& field) { return field.first == name; });
    if (last == request.headers.rend()) return std::nullopt;
    return last->second;
}

std::optional<std::string_view> last_element(const request& request, std::string_view name) {
    const auto list = last_field(request, name);
    if (!list) return std::nullopt;
    return trim(list->substr(list->rfind(',') + 1));
}

// ---- Forwarded: for="[2001:db8::1]:443";proto=https, for=_hidden

// The next separator outside of quoted strings, or the end.
std::size_t find_unquoted(std::string_view text, char separator) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quoted && text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && text[i] == separator)
            return i;
    }
    return text.size();
}

std::string_view take_unquoted(std::string_view& rest, char separator) {
    const auto end = find_unquoted(rest, separator);
    const std::string_view taken = trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return taken;
}

std::string unquoted(std::string_view value) {
    if (value.size() < 2 || !value.starts_with('"') || !value.ends_with('"'))
        return std::string(value);
    std::string out;
    for (std::size_t i = 1; i + 1 < value.size(); ++i) {
        if (value[i] == '\\' && i + 2 < value.size()) ++i;
        out += value[i];
    }
    return out;
}

// A parameter of the last element. Empty when it is given twice, which no proxy does.
std::optional<std::string> forwarded_parameter(const request& request, std::string_view name) {
    auto list = last_field(request, standard_field);
    if (!list) return std::nullopt;
    std::string_view element;
    while (!list->empty()) element = take_unquoted(*list, ',');
    std::optional<std::string> parameter;
    while (!element.empty()) {
        const std::string_view pair = take_unquoted(element, ';');
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || !same_token(pair.substr(0, equals), name)) continue;
        parameter = parameter ? std::string() : unquoted(pair.substr(equals + 1));
    }
    return parameter;
}

// ---- addresses

// A port, or an obfuscated one (RFC 7239, section 6): `:443`, `:_abc`.
bool is_port(std::string_view text) {
    if (!text.starts_with(':') || text.size() < 2) return false;
    text.remove_prefix(1);
    if (text.starts_with('_')) return is_token(text);
    return text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The address in `192.0.2.7`, `192.0.2.7:80`, `2001:db8::1` or `[2001:db8::1]:80`. Empty: none.
std::string address_of(std::string_view node) {
    const bool bracketed = node.starts_with('[');
    const auto colon = node.find(':');
    const bool one_colon = colon != std::string_view::npos && colon == node.rfind(':');
    const auto end = bracketed ? node.find(']') : one_colon ? colon : node.size();
    if (end == std::string_view::npos) return {};
    const std::string_view host = bracketed ? node.substr(1, end - 1) : node.substr(0, end);
    const std::string_view port = node.substr(bracketed ? end + 1 : end);
    if (!port.empty() && !is_port(port)) return {};
    return base::normal_address(host).value_or("");
}

// Empty when no client is named. A proxy on this machine that names this machine may speak for a
// program here, or may pass on what a client invented, so the name is not believed.
std::string named_client(const request& request) {
    const auto list = last_element(request, addresses_field);
    const auto standard = forwarded_parameter(request, "for");
    const std::string listed = address_of(list.value_or("")),
                      named = address_of(standard.value_or(""));
    if (list && standard && listed != named) return {};
    const std::string client = list ? listed : named;
    return base::is_loopback(client) ? std::string() : client;
}

}  // namespace

bool was_forwarded(const request& request) {
    return std::any_of(request.headers.begin(), request.headers.end(),
                       [](const auto& field) { return is_proxy_field(field.first); });
}

bool names_this_machine(const request& request) {
    const std::string host = to_lower(trim(request.header("host").value_or("")));
    const bool bracketed = host.starts_with('[');
    const auto end = std::min(bracketed ? host.find(']') : host.find(':'), host.size());
    const std::string_view name = std::string_view(host).substr(bracketed, end - bracketed);
    const std::string_view port =
        std::string_view(host).substr(std::min(end + bracketed, host.size()));
    if (bracketed && end == host.size()) return false;
    if (!port.empty() && !is_port(port)) return false;
    return name == "localhost" || name.ends_with(".localhost") || base::is_loopback(name);
}

bool is_from_here(const request& request) {
    return base::is_loopback(request.peer_address) && request.version == http_1_1 &&
           names_this_machine(request) && !was_forwarded(request);
}

bool is_believed_proxy(std::string_view peer, std::span<const base::network> proxies) {
    return base::is_loopback(peer) ||
           std::any_of(proxies.begin(), proxies.end(),
                       [&](const base::network& network) { return network.contains(peer); });
}

std::string client_address(const request& request, std::span<const base::network> proxies) {
    if (!is_believed_proxy(request.peer_address, proxies) || is_from_here(request))
        return request.peer_address;
    std::string client = named_client(request);
    return client.empty() ? std::string(nobody) : client;
}

bool came_over_tls(const request& request) {
    if (request.over_tls) return true;
    if (const auto scheme = last_element(request, scheme_field))
        return same_token(*scheme, "https");
    return same_token(forwarded_parameter(request, "proto").value_or(""), "https");
}

bool takes_guests(guest_policy policy, const request& request) {
    return policy == guest_policy::direct ? is_from_here(request) : policy == guest_policy::on;
}

}  // namespace parley::http
