// Session tokens: what a client holds, and what is kept of it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::auth {

inline constexpr std::size_t token_random_bytes = 32;

// 256 random bits in the URL-safe alphabet of base64 (RFC 4648, section 5), 43 characters.
std::string make_token();

// Of a-z 0-9: for what needs a name that nobody chose.
std::string random_letters(std::size_t count);

// BLAKE2b-256 in hex. Unsalted and fast on purpose: a token cannot be guessed, and is looked up by
// this.
std::string hash_of(std::string_view token);

}  // namespace parley::auth
