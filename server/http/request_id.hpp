// The name of a request in the log and in its answer: what a proxy or a program has given it, so
// that both logs agree.
#pragma once

#include "server/http/request.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace parley::http {

inline constexpr std::size_t request_id_bytes_max = 64;

// X-Request-Id, when it is one of ours: letters, digits and -_.: only.
std::optional<std::string> request_id_of(const request& asked);

}  // namespace parley::http
