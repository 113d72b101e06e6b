// Latin letters without their marks: what a title in Polish or Vietnamese looks like in a name.
#pragma once

#include <optional>
#include <string>

namespace parley::unicode {

// The character in a-z and 0-9: "u" for U+00FC, "ss" for U+00DF; empty for a combining mark, which
// says nothing by itself. Nothing when the character is neither a Latin letter nor a digit.
std::optional<std::string> latin_letters(char32_t code);

}  // namespace parley::unicode
