// Hints <-> bytes, by their declared tables, for a bus that leaves the process. The bus inside one
// process hands the hints over as they are.
#pragma once

#include "server/chat/hints.hpp"
#include "shared/protocol/codec.hpp"

#include <string>
#include <string_view>

namespace parley::chat {

std::string encode(const hint& one);

// Checks all of it, as frames from browsers are checked. The frames of events are built and counted
// here.
protocol::decoded<hint> decode_hint(std::string_view bytes, encode_counters& counted);

}  // namespace parley::chat
