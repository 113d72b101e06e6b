// A link begins with its scheme at the start of a word, and ends before punctuation that people
// write after links.
#include "wasm-client/view/links.hpp"

#include "shared/protocol/ascii.hpp"
#include "shared/protocol/text.hpp"
#include "shared/unicode/link_boundary.hpp"

#include <algorithm>
#include <array>

namespace parley::view {
namespace {

namespace ascii = protocol::ascii;

bool is_word(char c) {
    return ascii::is_lower(ascii::to_lower(c)) || ascii::is_digit(c) || c == '_';
}

std::size_t scheme_bytes(std::string_view text) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        const std::string_view start = text.substr(0, scheme.size());
        if (std::equal(start.begin(), start.end(), scheme.begin(), scheme.end(),
                       [](char a, char b) { return ascii::to_lower(a) == b; }))
            return scheme.size();
    }
    return 0;
}

using unicode::link_boundary;

link_boundary boundary_of(char32_t code) {
    if (code >= 0x80) return unicode::link_boundary_of(code);
    const char c = static_cast<char>(code);
    if (c <= 0x20 || c == 0x7F) return link_boundary::hard;
    if (std::string_view("<>\"`{}|\\^").find(c) != std::string_view::npos)
        return link_boundary::hard;
    return std::string_view(".,;:!?'*_~").find(c) != std::string_view::npos ? link_boundary::soft
                                                                            : link_boundary::none;
}

// Counts the brackets that were opened inside a link and not yet closed, by pair.
class open_brackets {
public:
    void open(const unicode::bracket& bracket) { ++counts_[bracket.pair]; }

    // False when none of this pair is open.
    bool close(const unicode::bracket& bracket) {
        if (counts_[bracket.pair] == 0) return false;
        --counts_[bracket.pair];
        return true;
    }

private:
    std::array<std::uint16_t, unicode::bracket_pairs_max> counts_{};
};

// In "(see https://a.b/c_(d))." the link ends at "d)": a closing bracket belongs to the link if it
// was opened inside. Other closing brackets are punctuation.
std::size_t end_of_link(std::string_view text, std::size_t begin) {
    open_brackets brackets;
    std::size_t end = begin;
    for (std::size_t i = begin; i < text.size();) {
        const auto next = protocol::first_character(text.substr(i));
        i += next.bytes;
        link_boundary boundary = boundary_of(next.code);
        if (boundary == link_boundary::hard) break;
        if (const auto bracket = unicode::bracket_of(next.code)) {
            if (bracket->opens) brackets.open(*bracket);
            const bool stray = !bracket->opens && !brackets.close(*bracket);
            if (stray && next.code >= 0x80) break;
            if (stray || bracket->opens) boundary = link_boundary::soft;
        }
        if (boundary == link_boundary::none) end = i;
    }
    return end;
}

bool begins_host(std::string_view rest) {
    if (rest.empty()) return false;
    const auto first = protocol::first_character(rest);
    if (first.code < 0x80) return is_word(rest.front()) || rest.front() == '[';
    return boundary_of(first.code) == link_boundary::none && !unicode::bracket_of(first.code);
}

// Bytes of the link that starts here, or 0.
std::size_t link_bytes(std::string_view rest) {
    const std::size_t scheme = scheme_bytes(rest);
    if (scheme == 0 || !begins_host(rest.substr(scheme))) return 0;
    const std::size_t end = end_of_link(rest, scheme);
    return end > scheme ? end : 0;
}

}  // namespace

std::vector<piece> find_links(std::string_view text) {
    std::vector<piece> pieces;
    std::size_t links = 0, plain = 0;
    for (std::size_t i = 0; i < text.size() && links < links_max;) {
        const bool starts_word = i == 0 || !is_word(text[i - 1]);
        const std::size_t bytes =
            starts_word && ascii::to_lower(text[i]) == 'h' ? link_bytes(text.substr(i)) : 0;
        if (bytes == 0) {
            ++i;
            continue;
        }
        if (i > plain) pieces.push_back({text.substr(plain, i - plain), false});
        pieces.push_back({text.substr(i, bytes), true});
        i += bytes;
        plain = i;
        ++links;
    }
    if (plain < text.size()) pieces.push_back({text.substr(plain), false});
    return pieces;
}

}  // namespace parley::view
