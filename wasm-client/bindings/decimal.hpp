// Reads a number by the grammar of JSON (RFC 8259, section 6). It need not be exact: the protocol
// has integers only and refuses these values anyway. Pure.
#pragma once

#include <algorithm>

namespace parley::bindings {

// Returns the value at `text` and sets `end` behind it. It is exact for integers below 2^53, else
// within some units in the last place, and infinite beyond the range of double. REQUIRES: `text`
// ends with NUL.
inline double read_decimal(const char* text, const char*& end) {
    constexpr int exponent_max = 10'000;  // far beyond the range of double
    const auto is_digit = [&] { return *text >= '0' && *text <= '9'; };
    const bool negative = *text == '-';
    if (negative) ++text;
    double value = 0;
    int exponent = 0;
    for (; is_digit(); ++text) value = value * 10 + (*text - '0');
    if (*text == '.')
        for (++text; is_digit(); ++text, --exponent) value = value * 10 + (*text - '0');
    if (*text == 'e' || *text == 'E') {
        const bool small = *++text == '-';
        if (small || *text == '+') ++text;
        int written = 0;
        for (; is_digit(); ++text) written = std::min(written * 10 + (*text - '0'), exponent_max);
        exponent += small ? -written : written;
    }
    for (; exponent > 0 && value != 0; --exponent) value *= 10;
    for (; exponent < 0 && value != 0; ++exponent) value /= 10;
    end = text;
    return negative ? -value : value;
}

}  // namespace parley::bindings
