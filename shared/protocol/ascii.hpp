// Letters, digits and case of ASCII, without a locale: the one place that knows their ranges.
#pragma once

namespace parley::protocol::ascii {

constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Any other byte stays as it is, also those of UTF-8 beyond ASCII.
constexpr char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char to_upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

// The signs between the letters and digits of a name.
constexpr bool is_name_sign(char c) { return c == '.' || c == '_' || c == '-'; }

// The letters of alphabet::name.
constexpr bool is_name_letter(char c) { return is_lower(c) || is_digit(c) || is_name_sign(c); }
// The letters of alphabet::token.
constexpr bool is_token_letter(char c) {
    return is_lower(c) || is_upper(c) || is_digit(c) || c == '_' || c == '-';
}

}  // namespace parley::protocol::ascii
