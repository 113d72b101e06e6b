// What people type, turned into what the protocol takes: names of rooms and people, and text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::state {

// A short number for a text, spread over all 32 bits: FNV-1a, folded once.
std::uint32_t fingerprint(std::string_view text);

// "Release planning" -> "release-planning". Latin letters lose their marks; a title that is mostly
// of other scripts gets an invented name, as room-k3f9. The name obeys protocol::room_name, is no
// direct room's, begins and ends with a letter or digit, and has no two signs in a row. Empty only
// when the title is blank. REQUIRES: is_utf8(title).
std::string room_name_from(std::string_view title);

// What people type for their own name: lower case, without blanks around it.
std::string user_name_from(std::string_view typed);

// Text as it may be sent: without carriage returns and other controls, trimmed. Empty when nothing
// is left.
std::string clean_text(std::string_view typed);

}  // namespace parley::state
