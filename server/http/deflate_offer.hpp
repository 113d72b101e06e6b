// Negotiates permessage-deflate (RFC 7692, section 7.1).
#pragma once

#include "server/http/request.hpp"

#include <string>

namespace parley::http {

// The value of Sec-WebSocket-Extensions that accepts the client's first acceptable offer; empty:
// there is none. Neither side keeps its window between messages, and a window has 32 KiB, because
// the same compressed bytes go to everyone.
std::string answer_deflate_offers(const request& request);

}  // namespace parley::http
