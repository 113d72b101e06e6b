// UTF-8, control characters and alphabets: pure functions over bytes, without a locale.
#pragma once

#include "shared/protocol/rule.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::protocol {

// Length in bytes of the longest valid UTF-8 prefix (RFC 3629: no surrogates, no overlong forms, at
// most U+10FFFF).
std::size_t valid_utf8_prefix(std::string_view bytes);

inline bool is_utf8(std::string_view bytes) { return valid_utf8_prefix(bytes) == bytes.size(); }

// The same text, with U+FFFD for every byte that belongs to no character.
std::string repaired_utf8(std::string text);

struct character {
    char32_t code;      // U+FFFD when the bytes are no UTF-8
    std::size_t bytes;  // 1 to 4; 1 when the bytes are no UTF-8
};

// The character at the start of `text`. REQUIRES: `text` is not empty.
character first_character(std::string_view text);

// Whether every character of `text` belongs to the alphabet. REQUIRES: is_utf8(text) unless the
// alphabet is ASCII.
bool spelled_in(std::string_view text, alphabet letters);

// One line for plain-text clients: every control becomes a space, spaces at both ends are removed.
// REQUIRES: is_utf8(text).
std::string to_single_line(std::string_view text);

// Bytes of the control character at text[i]: 1 for C0 and DEL, 2 for C1 (U+0080 to U+009F), 0 when
// there is none. REQUIRES: i < text.size().
std::size_t control_bytes(std::string_view text, std::size_t i);

// The text cut to at most `bytes_max` bytes, never inside a character.
std::string_view cut_utf8(std::string_view text, std::size_t bytes_max);

}  // namespace parley::protocol
