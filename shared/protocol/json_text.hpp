// Writes text as a JSON string (RFC 8259, section 7) with no escapes but those that JSON requires.
#pragma once

#include <string>
#include <string_view>

namespace parley::protocol {

// Appends `text` in quotation marks. REQUIRES: `text` is UTF-8.
void append_json_text(std::string& out, std::string_view text);

}  // namespace parley::protocol
