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
    std::string_view body{};  // of static storage, or of `owned`
    std::shared_ptr<const std::string> owned{};

    // For the log: whom it answers, where that is known; why it refuses, where an operator can mend
    // that; and what has happened to whose account.
    std::string user{};
    std::string reason{};
    std::string_view event{};
    std::string subject{};

    void set(std::string_view name, std::string_view value) { headers.emplace_back(name, value); }
};

// A short body for people; `reason` of the status when `text` is empty.
response text_response(int status, std::string_view text = {});

response json_response(int status, std::string body);

// `retry_ms`: when it may be worth asking again; Retry-After says it in whole seconds. 429 is the
// client's own doing, 503 is not.
response too_many_requests(std::uint64_t retry_ms, int status = 429);

// Until one of too many connections may have gone.
inline constexpr std::uint64_t full_retry_ms = 5'000;

std::string_view reason_of(int status);

// Status line and headers, those of security and Date included, up to the empty line.
std::string serialize_head(const response& what, bool keep_alive);

}  // namespace parley::http
