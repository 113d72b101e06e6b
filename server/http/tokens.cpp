// ASCII only, by design: no locale decides what a header means.
#include "server/http/tokens.hpp"

#include <algorithm>

namespace parley::http {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool is_token_byte(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char small = lower(c);
    return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

}  // namespace

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), is_token_byte);
}

bool same_token(std::string_view a, std::string_view b) {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

std::string to_lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

void for_each_element(std::string_view list, char separator,
                      const std::function<bool(std::string_view)>& act) {
    while (!list.empty()) {
        const auto end = list.find(separator);
        const auto element = trim(list.substr(0, end));
        if (!element.empty() && !act(element)) return;
        list.remove_prefix(end == std::string_view::npos ? list.size() : end + 1);
    }
}

bool has_token(std::string_view comma_list, std::string_view token) {
    bool found = false;
    for_each_element(comma_list, ',', [&](std::string_view element) {
        found = same_token(element, token);
        return !found;
    });
    return found;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i] == '+' ? ' ' : text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

query_value query_parameter(std::string_view target, std::string_view name) {
    query_value out;
    const auto query = target.find('?');
    if (query == std::string_view::npos) return out;
    for_each_element(target.substr(query + 1), '&', [&](std::string_view pair) {
        const auto equals = pair.find('=');
        const auto key = percent_decoded(pair.substr(0, equals));
        if (!key || *key != name) return true;
        const auto value = percent_decoded(
            equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
        out = {.present = true, .broken = !value, .value = value.value_or("")};
        return false;
    });
    return out;
}

}  // namespace parley::http
