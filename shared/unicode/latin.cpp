// ASCII by hand, all else by the table.
#include "shared/unicode/latin.hpp"

#include "shared/unicode/range_search.hpp"

namespace parley::unicode {

std::optional<std::string> latin_letters(char32_t code) {
    const auto ascii = static_cast<char>(code < 0x80 ? code : 0);
    if (ascii >= 'A' && ascii <= 'Z') return std::string(1, static_cast<char>(ascii - 'A' + 'a'));
    if ((ascii >= 'a' && ascii <= 'z') || (ascii >= '0' && ascii <= '9'))
        return std::string(1, ascii);
    const auto* const found = find_range(latin_ranges, code);
    if (!found) return std::nullopt;
    std::string letters = found->letters;
    if (found->rising) letters[0] = static_cast<char>(letters[0] + (code - found->first));
    return letters;
}

}  // namespace parley::unicode
