// The grammar of UTS #51, 1.4.9, without its tables.
#include "shared/protocol/emoji.hpp"

#include "shared/protocol/text.hpp"

#include <array>
#include <cstdint>

namespace parley::protocol {
namespace {

constexpr char32_t joiner = 0x200D, coloured = 0xFE0F, keycap = 0x20E3, black_flag = 0x1F3F4;
constexpr std::string_view coloured_bytes = "\xEF\xB8\x8F";

struct range {
    char32_t first, last;
};

constexpr bool is_within(range range, char32_t code) {
    return code >= range.first && code <= range.last;
}

constexpr range flag_letters{0x1F1E6, 0x1F1FF}, skin_tones{0x1F3FB, 0x1F3FF},
    tags{0xE0020, 0xE007F};

// Copyright, arrows, technical and miscellaneous symbols, dingbats, enclosed signs, pictographs.
constexpr std::array pictographs = std::to_array<range>({{0xA9, 0xA9},
                                                         {0xAE, 0xAE},
                                                         {0x203C, 0x203C},
                                                         {0x2049, 0x2049},
                                                         {0x2122, 0x2122},
                                                         {0x2139, 0x2139},
                                                         {0x2194, 0x21AA},
                                                         {0x231A, 0x23FF},
                                                         {0x24C2, 0x24C2},
                                                         {0x25AA, 0x27BF},
                                                         {0x2934, 0x2935},
                                                         {0x2B05, 0x2B55},
                                                         {0x3030, 0x303D},
                                                         {0x3297, 0x3299},
                                                         {0x1F000, 0x1FAFF}});

bool is_pictograph(char32_t code) {
    for (const range& each : pictographs)
        if (is_within(each, code)) return true;
    return false;
}

class reader {
public:
    explicit reader(std::string_view text) : rest_(text) {}
    bool ended() const { return rest_.empty(); }
    char32_t peek() const {
        return ended() ? 0 : static_cast<char32_t>(first_character(rest_).code);
    }
    char32_t take() {
        const auto [code, bytes] = first_character(rest_);
        rest_.remove_prefix(bytes);
        return static_cast<char32_t>(code);
    }
    bool take_if(char32_t wanted) {
        if (ended() || peek() != wanted) return false;
        take();
        return true;
    }

private:
    std::string_view rest_;
};

// A flag of a part of a country: its letters, and the sign that ends them.
bool take_tags(reader& text) {
    if (!is_within(tags, text.peek())) return true;
    char32_t last = 0;
    while (is_within(tags, text.peek())) last = text.take();
    return last == tags.last;
}

bool take_element(reader& text) {
    const char32_t first = text.ended() ? 0 : text.take();
    if ((first >= '0' && first <= '9') || first == '#' || first == '*') {
        text.take_if(coloured);
        return text.take_if(keycap);
    }
    if (is_within(flag_letters, first)) return is_within(flag_letters, text.peek()) && text.take();
    if (!is_pictograph(first) || is_within(skin_tones, first)) return false;
    text.take_if(coloured);
    if (is_within(skin_tones, text.peek())) text.take();
    return first != black_flag || take_tags(text);
}

bool take_emoji(reader& text) {
    do {
        if (!take_element(text)) return false;
    } while (text.take_if(joiner));
    return true;
}

}  // namespace

bool is_emoji(std::string_view text) {
    reader rest(text);
    return take_emoji(rest) && rest.ended();
}

std::size_t count_of_only_emoji(std::string_view text) {
    reader rest(text);
    for (std::size_t count = 0;;) {
        while (rest.take_if(' ') || rest.take_if('\n')) {
        }
        if (rest.ended()) return count;
        if (!take_emoji(rest)) return 0;
        ++count;
    }
}

std::string plain_emoji(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text.substr(at, coloured_bytes.size()) == coloured_bytes)
            at += coloured_bytes.size();
        else
            out += text[at++];
    }
    return out;
}

}  // namespace parley::protocol
