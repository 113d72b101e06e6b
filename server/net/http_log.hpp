// What the log says about requests: a line for each answer, whichever part of the server gave it,
// and once what an operator should change in a proxy.
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/net/connection_set.hpp"

#include <chrono>
#include <cstddef>
#include <string_view>

namespace parley::net {

struct answered_request {
    std::string_view id;
    std::string_view method, target;  // empty for what never became a request
    std::chrono::milliseconds duration{};
    std::size_t bytes = 0;    // that were sent of the body
    std::string_view remote;  // whom it is for: behind a proxy, the client that the proxy names
};

// The line of the request: at debug below 400, info below 500, warn for 503, else error. And a line
// at info for what has happened to an account. Lines that strangers can cause are written as often
// as the connection set allows.
void log_answer(connection_set& connections, const answered_request& request,
                const http::response& answer);

// Once each: that a proxy keeps guests out which nobody decided on, that it does not say for whom
// it asks, and that it is none which --proxy names. Any shard's thread.
void warn_of_proxy(const connection_set& connections, const http::request& request);

}  // namespace parley::net
