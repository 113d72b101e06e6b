// What a reaction may be: one emoji (Unicode Technical Standard #51), as the blocks of pictographs
// and the signs that join and colour them tell. No table of them is needed: a pictograph that is
// new next year is one too.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::protocol {

// One emoji: a pictograph with its colour and what is joined to it, a flag, or a keycap. REQUIRES:
// UTF-8.
bool is_emoji(std::string_view text);

// How many emoji a text consists of, with spaces and lines between them; 0: there is something else
// in it. REQUIRES: UTF-8.
std::size_t count_of_only_emoji(std::string_view text);

// Without U+FE0F, which asks for the coloured form and makes two of one emoji.
std::string plain_emoji(std::string_view text);

}  // namespace parley::protocol
