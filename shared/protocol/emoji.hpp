// What a reaction may be: one emoji (Unicode Technical Standard #51), as the blocks of pictographs
// and the signs that join and colour them tell. No table of them is needed: a pictograph that is
// new next year is one too.
#pragma once

#include <string>
#include <string_view>

namespace parley::protocol {

// One emoji: a pictograph with its colour and what is joined to it, a flag, or a keycap. REQUIRES:
// UTF-8.
bool is_emoji(std::string_view text);

// Without U+FE0F, which asks for the coloured form and makes two of one emoji.
std::string plain_emoji(std::string_view text);

}  // namespace parley::protocol
