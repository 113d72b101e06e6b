// What the log says about requests: a line for each answer, whichever part of the server gave it,
// and, once, what an operator should change in a proxy.
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/net/connection_set.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parley::net {

struct answered_request {
    std::string_view id;
    std::string_view method, target;  // empty if it never became a request
    std::uint64_t duration_ms = 0;
    std::size_t bytes = 0;    // of the body, that were sent
    std::string_view remote;  // the client: behind a proxy, the one that the proxy names
};

// The line of the request: at debug below 400, info below 500, warn for 503, else error. And a line
// at info for what has happened to an account. Lines that strangers can cause are written as often
// as the connection set allows.
void log_answer(connection_set& connections, const answered_request& request,
                const http::response& answer);

// Once each: that guests are refused behind a proxy although nobody has decided so, that a proxy
// names no client, and that a proxy is not one of --proxy. Any shard's thread.
void warn_of_proxy(const connection_set& connections, const http::request& request);

}  // namespace parley::net
