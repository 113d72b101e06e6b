// The rule for a single value: its kind, range and alphabet. Both ends check it by obeys().
#pragma once

#include <cstdint>
#include <string_view>

namespace parley::protocol {

enum class value_kind : std::uint8_t { boolean, integer, text };

enum class alphabet : std::uint8_t {
    name,    // a-z 0-9 . _ -
    person,  // the same, and ~ before a guest's name
    token,   // A-Z a-z 0-9 _ -
    line,    // UTF-8 without any control
    prose,   // UTF-8; of the controls only tab and line feed
    opaque   // UTF-8 without NUL: secrets, never shown
};

struct rule {
    std::string_view name;
    value_kind kind;
    std::uint64_t min;  // integer: smallest value; text: fewest bytes
    std::uint64_t max;  // integer: largest value; text: most bytes
    alphabet letters;   // text only
    std::string_view example;
    std::string_view doc;
};

// Whether the value obeys the rule. REQUIRES: the rule is for integers, or for text.
bool obeys(const rule& rule, std::uint64_t value);
bool obeys(const rule& rule, std::string_view value);

}  // namespace parley::protocol
