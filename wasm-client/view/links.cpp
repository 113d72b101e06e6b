// A link begins with its scheme at the start of a word and ends before what people write after
// links.
#include "wasm-client/view/links.hpp"

#include <algorithm>

namespace parley::view {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_word(char c) {
    return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

std::size_t scheme_bytes(std::string_view text) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        const std::string_view start = text.substr(0, scheme.size());
        if (std::equal(start.begin(), start.end(), scheme.begin(), scheme.end(),
                       [](char a, char b) { return lower(a) == b; }))
            return scheme.size();
    }
    return 0;
}

// Unicode spaces and the invisible characters that reorder or hide text: U+0080 to U+00A0, U+061C,
// U+2000 to U+200F, U+2028 to U+202F, U+2060 to U+206F, U+3000, U+FEFF. In a link they could make
// it look like another.
bool is_invisible(std::string_view rest) {
    const auto at = [&](std::size_t i) {
        return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0U;
    };
    if (at(0) == 0xC2) return at(1) <= 0xA0;
    if (at(0) == 0xD8) return at(1) == 0x9C;
    if (at(0) == 0xE2 && at(1) == 0x80) return at(2) <= 0x8F || (at(2) >= 0xA8 && at(2) <= 0xAF);
    if (at(0) == 0xE2 && at(1) == 0x81) return at(2) >= 0xA0 && at(2) <= 0xAF;
    if (at(0) == 0xE3) return at(1) == 0x80 && at(2) == 0x80;
    return at(0) == 0xEF && at(1) == 0xBB && at(2) == 0xBF;
}

bool ends_link(std::string_view rest) {
    const auto c = static_cast<unsigned char>(rest.front());
    return c <= 0x20 || c == 0x7F ||
           std::string_view("<>\"`{}|\\^").find(rest.front()) != std::string_view::npos ||
           is_invisible(rest);
}

// "(see https://a.b/c_(d))." ends at "d)": a closing bracket belongs to the link when it was opened
// inside.
std::size_t without_trailing_marks(std::string_view link) {
    const auto surplus = [&](char close, char open) {
        return std::count(link.begin(), link.end(), close) -
               std::count(link.begin(), link.end(), open);
    };
    auto round = surplus(')', '('),
         square = surplus(']', '[');  // counted once: a text may end in thousands of them
    std::size_t size = link.size();
    for (; size > 0; --size) {
        const char last = link[size - 1];
        const bool mark = std::string_view(".,;:!?'*_~").find(last) != std::string_view::npos;
        const bool stray = (last == ')' && round-- > 0) || (last == ']' && square-- > 0);
        if (!mark && !stray) break;
    }
    return size;
}

// Bytes of the link that starts here, or 0.
std::size_t link_bytes(std::string_view rest) {
    const std::size_t scheme = scheme_bytes(rest);
    if (scheme == 0) return 0;
    std::size_t size = scheme;
    while (size < rest.size() && !ends_link(rest.substr(size))) ++size;
    size = without_trailing_marks(rest.substr(0, size));
    const bool has_host = size > scheme && (is_word(rest[scheme]) || rest[scheme] == '[' ||
                                            static_cast<unsigned char>(rest[scheme]) >= 0x80);
    return has_host ? size : 0;
}

}  // namespace

std::vector<piece> find_links(std::string_view text) {
    std::vector<piece> pieces;
    std::size_t links = 0, plain = 0;
    for (std::size_t i = 0; i < text.size() && links < links_max;) {
        const bool starts_word = i == 0 || !is_word(text[i - 1]);
        const std::size_t bytes =
            starts_word && lower(text[i]) == 'h' ? link_bytes(text.substr(i)) : 0;
        if (bytes == 0) {
            ++i;
            continue;
        }
        if (i > plain) pieces.push_back({text.substr(plain, i - plain), false});
        pieces.push_back({text.substr(i, bytes), true});
        plain = i += bytes;
        ++links;
    }
    if (plain < text.size()) pieces.push_back({text.substr(plain), false});
    return pieces;
}

}  // namespace parley::view
