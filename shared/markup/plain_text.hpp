// A message without its markup: for previews, notifications, screen readers and plain clients.
#pragma once

#include "shared/markup/pieces.hpp"

#include <span>
#include <string>
#include <string_view>

namespace parley::markup {

// Spoilers are blocks, of one length. Links with a label have their address behind it.
std::string plain_text(std::string_view text, std::span<const piece> pieces);
std::string plain_text(std::string_view text);

}  // namespace parley::markup
