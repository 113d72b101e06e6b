// What people type, turned into what the protocol takes: names of rooms and people, and text.
#pragma once

#include <string>
#include <string_view>

namespace parley::state {

// "Release planning" -> "release-planning". Empty when nothing of the title can stand in a name.
std::string room_name_from(std::string_view title);

// What people type for their own name: lower case, without blanks around it.
std::string user_name_from(std::string_view typed);

// Text as it may be sent: without carriage returns and other controls, trimmed. Empty when nothing
// is left.
std::string clean_text(std::string_view typed);

}  // namespace parley::state
