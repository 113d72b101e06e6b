// Turns Latin letters with marks into a-z, so that a title in Polish or Vietnamese gives a name.
#pragma once

#include <optional>
#include <string>

namespace parley::unicode {

// The character in a-z and 0-9: "u" for U+00FC, "ss" for U+00DF, "" for a combining mark. Nothing
// when the character is neither a Latin letter nor a digit.
std::optional<std::string> latin_letters(char32_t code);

}  // namespace parley::unicode
