// Writes the text of a message as the page draws it: its pieces, flat.
#pragma once

#include "wasm-client/view/json_writer.hpp"

#include <string_view>

namespace parley::view {

// A text of so many emoji and nothing else is drawn larger.
inline constexpr std::size_t large_emoji_max = 8;

// [depth, word, text, depth, word, text, ...]: parents before their children, which have a greater
// depth. Only pieces without any inside have a text.
void write_message_text(json_writer& out, std::string_view text);

}  // namespace parley::view
