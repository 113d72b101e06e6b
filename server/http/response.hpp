// An HTTP response as a value, and its head as bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::http {

struct response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string_view body{};  // in static storage, or in `owned`
    std::shared_ptr<const std::string> owned{};

    // For the log.
    std::string user{};        // whose request it was, if that is known
    std::string reason{};      // of a refusal that an operator can mend
    std::string_view event{};  // what has happened to an account
    std::string subject{};     // the account

    void set(std::string_view name, std::string_view value) { headers.emplace_back(name, value); }
};

// A short body for people: reason_of(status) when `text` is empty.
response text_response(int status, std::string_view text = {});

response json_response(int status, std::string body);

// `retry_ms`: when to try again; Retry-After has it in whole seconds. Status 429: this client sends
// too much; 503: all together do.
response too_many_requests(std::uint64_t retry_ms, int status = 429);

// When there are too many connections, one may have closed after this time.
inline constexpr std::uint64_t full_retry_ms = 5'000;

std::string_view reason_of(int status);

// Status line and headers, including Date and the security headers, up to the empty line.
std::string serialize_head(const response& response, bool keep_alive);

}  // namespace parley::http
