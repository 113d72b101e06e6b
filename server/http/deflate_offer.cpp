// An offer is declined if a parameter is unknown, doubled or has a wrong value (RFC 7692, section
// 7.1), or if it asks the server for a smaller window. The client may have made another offer.
#include "server/http/deflate_offer.hpp"

#include "server/http/tokens.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace parley::http {
namespace {

enum parameter : std::uint8_t {
    server_no_context_takeover,
    client_no_context_takeover,
    server_max_window_bits,
    client_max_window_bits
};
constexpr std::array<std::string_view, 4> parameter_names{
    "server_no_context_takeover", "client_no_context_takeover", "server_max_window_bits",
    "client_max_window_bits"};

// 8 to 15, without leading zeros; quoted or not.
std::optional<int> window_bits(std::string_view value) {
    if (value.size() > 2 && value.front() == '"' && value.back() == '"')
        value = value.substr(1, value.size() - 2);
    if (value == "8" || value == "9") return value[0] - '0';
    if (value.size() == 2 && value[0] == '1' && value[1] >= '0' && value[1] <= '5')
        return 10 + (value[1] - '0');
    return std::nullopt;
}

bool is_acceptable(parameter name, std::optional<std::string_view> value) {
    if (name == server_no_context_takeover || name == client_no_context_takeover) return !value;
    if (name == server_max_window_bits) return value && window_bits(*value) == 15;
    return !value || window_bits(*value);  // a smaller window can be inflated too
}

struct offer {
    std::array<bool, parameter_names.size()> has{};

    // False: the offer is declined.
    bool add(std::string_view text) {
        const auto equals = text.find('=');
        const auto name = trim(text.substr(0, equals));
        std::optional<std::string_view> value;
        if (equals != std::string_view::npos) value = trim(text.substr(equals + 1));
        for (std::size_t i = 0; i < parameter_names.size(); ++i) {
            if (name != parameter_names[i]) continue;
            return !std::exchange(has[i], true) && is_acceptable(static_cast<parameter>(i), value);
        }
        return false;
    }
};

// The answer to one offer; empty: declined.
std::string answer_offer(std::string_view text) {
    offer offer;
    bool named = false, acceptable = true;
    for_each_element(text, ';', [&](std::string_view part) {
        acceptable = named ? offer.add(part) : part == "permessage-deflate";
        named = true;
        return acceptable;
    });
    if (!named || !acceptable) return {};
    std::string answer =
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    if (offer.has[server_max_window_bits]) answer += "; server_max_window_bits=15";
    return answer;
}

}  // namespace

std::string answer_deflate_offers(const request& request) {
    std::string answer;
    for (const auto& [name, value] : request.headers) {
        if (name != "sec-websocket-extensions") continue;
        for_each_element(value, ',', [&](std::string_view text) {
            if (answer.empty()) answer = answer_offer(text);
            return answer.empty();
        });
    }
    return answer;
}

}  // namespace parley::http
