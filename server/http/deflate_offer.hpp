// Whether a client offers a permessage-deflate (RFC 7692, section 7.1) that this server can keep
// to.
#pragma once

#include "server/http/request.hpp"

#include <string>

namespace parley::http {

// What to answer in Sec-WebSocket-Extensions to the first such offer; empty: there is none. Neither
// side keeps its window from one message to the next, and a window has 32 KiB: the same compressed
// bytes go to everyone.
std::string answer_deflate_offers(const request& asked);

}  // namespace parley::http
