// Nothing here says whether the proxy is to be believed: whoever asks knows where the connection
// comes from.
#include "server/http/forwarding.hpp"

#include "server/http/tokens.hpp"

#include <algorithm>

namespace parley::http {
namespace {

constexpr std::string_view address_field = "x-forwarded-for";

}  // namespace

bool was_forwarded(const request& asked) {
    return std::any_of(asked.headers.begin(), asked.headers.end(), [](const auto& field) {
        return field.first == address_field || field.first == "x-forwarded-proto" ||
               field.first == "forwarded";
    });
}

std::string_view forwarded_for(const request& asked) {
    const auto last = std::find_if(asked.headers.rbegin(), asked.headers.rend(),
                                   [](const auto& field) { return field.first == address_field; });
    if (last == asked.headers.rend()) return {};
    const std::string_view list = last->second;
    const auto comma = list.rfind(',');
    return trim(comma == std::string_view::npos ? list : list.substr(comma + 1));
}

bool names_this_machine(const request& asked) {
    const std::string host = to_lower(trim(asked.header("host").value_or("")));
    const auto end = host.starts_with('[') ? host.find(']') : host.find(':');
    const std::string_view name = std::string_view(host).substr(0, end);
    if (name == "localhost" || name.ends_with(".localhost") || name == "[::1") return true;
    return name.starts_with("127.") &&
           name.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool takes_guests(guest_policy policy, const request& asked) {
    if (policy != guest_policy::direct) return policy == guest_policy::on;
    return names_this_machine(asked) && !was_forwarded(asked);
}

}  // namespace parley::http
