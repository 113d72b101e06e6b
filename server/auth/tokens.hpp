// Session tokens: random ones for clients, and the hash by which the server knows them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace parley::auth {

inline constexpr std::size_t token_random_bytes = 32;

// 256 random bits in the URL-safe alphabet of base64 (RFC 4648, section 5), 43 characters.
std::string make_token();

// Random a-z 0-9, for names that nobody chooses.
std::string random_letters(std::size_t count);

// BLAKE2b-256 in hex. Unsalted and fast on purpose: a token cannot be guessed, and its session is
// found by this hash.
std::string hash_of(std::string_view token);

}  // namespace parley::auth
