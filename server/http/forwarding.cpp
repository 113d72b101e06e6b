// Nothing here says whether the proxy is to be believed: whoever asks knows where the connection comes from.
#include "server/http/forwarding.hpp"

#include "server/http/tokens.hpp"

#include <algorithm>

namespace parley::http {
namespace {

constexpr std::string_view address_field = "x-forwarded-for";

}  // namespace

bool was_forwarded(const request& asked) {
    return std::any_of(asked.headers.begin(), asked.headers.end(), [](const auto& field) {
        return field.first == address_field || field.first == "x-forwarded-proto" || field.first == "forwarded";
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

bool takes_guests(guest_policy policy, const request& asked) {
    return policy == guest_policy::on || (policy == guest_policy::direct && !was_forwarded(asked));
}

}  // namespace parley::http
