// ASCII by its own ranges, everything else by the table.
#include "shared/unicode/latin.hpp"

#include "shared/protocol/ascii.hpp"
#include "shared/unicode/range_search.hpp"

namespace parley::unicode {

std::optional<std::string> latin_letters(char32_t code) {
    if (code < 0x80) {
        const char letter = protocol::ascii::to_lower(static_cast<char>(code));
        if (protocol::ascii::is_lower(letter) || protocol::ascii::is_digit(letter))
            return std::string(1, letter);
        return std::nullopt;
    }
    const auto* const range = find_range(latin_ranges, code);
    if (!range) return std::nullopt;
    std::string letters = range->letters;
    if (range->rising) letters[0] = static_cast<char>(letters[0] + (code - range->first));
    return letters;
}

}  // namespace parley::unicode
