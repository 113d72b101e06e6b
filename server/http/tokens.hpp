// The small grammar that header values share (RFC 9110, section 5.6): tokens, lists, optional white
// space.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace parley::http {

std::string_view trim(std::string_view text);  // spaces and tabs
bool is_token(std::string_view text);
bool same_token(std::string_view a, std::string_view b);  // ignoring the case of ASCII letters
std::string to_lower(std::string_view text);

// Calls `act` with each element that is not empty, trimmed, until it returns false.
void for_each_element(std::string_view list, char separator,
                      const std::function<bool(std::string_view)>& act);
bool has_token(std::string_view comma_list, std::string_view token);

// %41 -> A, + -> space. Nothing when an escape is broken.
std::optional<std::string> percent_decoded(std::string_view text);

// The decoded value of `name` in a query, the first of several. `broken` when it cannot be decoded.
struct query_value {
    bool present = false, broken = false;
    std::string value;
};
query_value query_parameter(std::string_view target, std::string_view name);

}  // namespace parley::http
