// The id of a request in the log and in its answer. A proxy or a program may give it, so that its
// log and ours agree.
#pragma once

#include "server/http/request.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace parley::http {

inline constexpr std::size_t request_id_bytes_max = 64;

// X-Request-Id, when it consists of letters, digits and -_.: only.
std::optional<std::string> request_id_of(const request& request);

}  // namespace parley::http
