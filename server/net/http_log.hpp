// The line in the log for one answer, whichever part of the server gave it.
#pragma once

#include "server/net/gate.hpp"

#include <chrono>
#include <cstddef>
#include <string_view>

namespace parley::net {

struct answered_request {
    std::string_view id;
    std::string_view method, target;  // empty for what never became a request
    int status = 0;
    std::chrono::milliseconds duration{};
    std::size_t bytes = 0;    // of the body
    std::string_view remote;  // whom it is for: behind a proxy, the client that the proxy names
    std::string_view user;    // empty when nobody is signed in
};

// At debug below 400, info below 500 (as often as the gate allows), warn for 503, else error.
void log_answer(gate& gate, const answered_request& answered);

}  // namespace parley::net
