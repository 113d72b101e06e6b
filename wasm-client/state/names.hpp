// Turns the text that people type into valid names of rooms and people, and into valid messages.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::state {

// A short number for a text, spread over all 32 bits: FNV-1a, folded once.
std::uint32_t fingerprint(std::string_view text);

// "Release planning" -> "release-planning". Latin letters lose their marks; a title that is mostly
// in other scripts gets an invented name, as room-k3f9. The name obeys protocol::room_name, is not
// the name of a direct room, begins and ends with a letter or digit, and has no two signs in a row.
// It is empty only when the title is blank. REQUIRES: is_utf8(title).
std::string room_name_from(std::string_view title);

// The user name that a person means: in lower case, without blanks around it.
std::string user_name_from(std::string_view typed);

// Without carriage returns and other controls that the server refuses in a text.
std::string without_controls(std::string_view typed);
// The text as it may be sent: without controls, and without blank lines around it. Empty when
// nothing is left.
std::string clean_text(std::string_view typed);

}  // namespace parley::state
