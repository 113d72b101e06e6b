// One walk over the lines. The searches that look ahead are bounded by what they consume, or by
// what the next one will not pass again.
#include "shared/markup/tokens.hpp"

#include "shared/markup/addresses.hpp"
#include "shared/protocol/ascii.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/names.hpp"
#include "shared/protocol/text.hpp"
#include "shared/unicode/link_boundary.hpp"

#include <algorithm>
#include <array>

namespace parley::markup {
namespace {

namespace ascii = protocol::ascii;

constexpr std::string_view escaped_signs = "*~|`[]#>@";
constexpr std::string_view spaces = " \t\n\r";

bool is_in(std::string_view set, char32_t code) {
    return code < 0x80 && set.find(static_cast<char>(code)) != set.npos;
}
bool is_letter_or_digit(char32_t code) {
    const char c = code < 0x80 ? static_cast<char>(code) : '\0';
    return ascii::is_lower(ascii::to_lower(c)) || ascii::is_digit(c);
}
bool is_digit(char32_t code) { return code < 0x80 && ascii::is_digit(static_cast<char>(code)); }
bool is_space(char32_t code) {
    return is_in(spaces, code) || code == 0xA0 || (code >= 0x2000 && code <= 0x200A) ||
           code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

// Only that of ASCII. In CommonMark that of all scripts counts, and so emphasis that ends with a
// full stop cannot end before a letter, as it does in Chinese and Japanese.
bool is_punctuation(char32_t code) {
    return code > 0x20 && code < 0x7F && !is_letter_or_digit(code);
}

// Beyond ASCII, a letter of a script that writes spaces between words: Latin, Greek, Cyrillic.
bool is_word_of_other_script(char32_t code) { return code >= 0xC0 && code < 0x530; }

// The edges at which "_" is a sign: "snake_case", paths and the shrug keep theirs.
bool may_precede_underscore(char32_t code) {
    return is_space(code) || is_in("([{<\"'*~|>:,;", code) ||
           unicode::link_boundary_of(code) != unicode::link_boundary::none;
}
bool may_follow_underscore(char32_t code) {
    return is_space(code) || is_in(")]}\"'*~|.,;:!?<", code) ||
           unicode::link_boundary_of(code) != unicode::link_boundary::none;
}

class token_finder {
public:
    token_finder(std::string_view text, std::span<const range> lines, allowance& left)
        : text_(text), lines_(lines), left_(left) {
        for (const range& line : lines) note_ticks(line);
    }

    tokens find() {
        for (const range& line : lines_) {
            line_ = line;
            at_ = std::max<std::size_t>(at_, line.begin);
            while (at_ < line.end) take();
        }
        return std::move(found_);
    }

private:
    void take() {
        ++found_.steps;
        switch (text_[at_]) {
            case '\\': return take_escape();
            case '`': return take_code();
            case 'h':
            case 'H': return take_bare_link();
            case '<': return take_link_in_angles();
            case '@': return take_name(token_kind::mention);
            case '#': return take_name(token_kind::room);
            case '[': return open_bracket();
            case ']': return close_bracket();
            case '*':
            case '_':
            case '~':
            case '|': return take_signs();
            default: ++at_;
        }
    }

    std::string_view rest() const { return text_.substr(at_, line_.end - at_); }

    token& add(token_kind kind, std::size_t end) {
        found_.list.push_back({.kind = kind, .bytes = range_of(at_, end)});
        at_ = end;
        return found_.list.back();
    }

    static range range_of(std::size_t begin, std::size_t end) {
        return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    }

    // The characters around a stretch of the line; a line feed at its ends.
    char32_t before(std::size_t begin) const {
        if (begin == line_.begin) return '\n';
        std::size_t at = begin - 1;
        while (at > line_.begin && (text_[at] & '\xC0') == '\x80') --at;
        return protocol::first_character(text_.substr(at, begin - at)).code;
    }
    char32_t after(std::size_t end) const {
        if (end == line_.end) return '\n';
        return protocol::first_character(text_.substr(end, line_.end - end)).code;
    }

    void take_escape() {
        if (!is_in(escaped_signs, after(at_ + 1))) {
            ++at_;
            return;
        }
        add(token_kind::escape, at_ + 2);
    }

    // ---- Code

    static std::size_t ticks_at(std::string_view text) {
        return std::min(text.find_first_not_of('`'), text.size());
    }

    void note_ticks(const range& line) {
        for (std::size_t i = line.begin; i < line.end;) {
            const std::size_t ticks = ticks_at(text_.substr(i, line.end - i));
            if (ticks > 0 && ticks <= code_ticks_max) last_ticks_[ticks] = i;
            i += std::max<std::size_t>(ticks, 1);
        }
        found_.steps += line.end - line.begin;
    }

    // A search starts only if it will find something, and what it passes is code.
    void take_code() {
        const std::size_t ticks = ticks_at(rest()), begin = at_ + ticks;
        if (ticks > code_ticks_max || last_ticks_[ticks] < begin) {
            at_ = begin;
            return;
        }
        std::size_t end = begin, run = 0;
        while (run != ticks) {
            end = text_.find('`', end + run);
            run = ticks_at(text_.substr(end));
        }
        found_.steps += end - begin;
        range inner = range_of(begin, end);
        const std::string_view code = inner.of(text_);
        const bool is_padded = code.size() > 2 && is_in(" \n", code.front()) &&
                               is_in(" \n", code.back()) &&
                               code.find_first_not_of(spaces) != code.npos;
        if (is_padded) inner = range_of(begin + 1, end - 1);
        add(token_kind::code, end + ticks).inner = inner;
    }

    // ---- Addresses

    void take_bare_link() {
        const auto address = starts_word() ? bare_address(rest(), open_signs(), !brackets_.empty())
                                           : address_bytes{.count = 0, .scanned = 1};
        found_.steps += address.scanned;
        if (address.count == 0) {
            ++at_;
            return;
        }
        const std::size_t end = at_ + address.count;
        if (address.may_link)
            add_link(at_, end, end);
        else
            add(token_kind::literal, end);
    }

    void take_link_in_angles() {
        const auto address = address_in_angles(rest().substr(1));
        found_.steps += address.scanned;
        if (address.count == 0) {
            ++at_;
            return;
        }
        const std::size_t begin = at_ + 1, end = begin + address.count;
        add_link(begin, end, end + 1);
    }

    void add_link(std::size_t begin, std::size_t end, std::size_t token_end) {
        const bool may = left_.links > 0;
        if (may) --left_.links;
        add(may ? token_kind::bare_link : token_kind::literal, token_end).inner =
            range_of(begin, end);
    }

    // ---- Mentions of people and rooms

    void take_name(token_kind kind) {
        const bool stands_apart =
            follows_signs() || (starts_word() && !is_in(".-/@#~=&?%+$", before(at_)));
        std::size_t begin = at_ + 1, end = begin;
        if (kind == token_kind::mention && end < line_.end && text_[end] == protocol::guest_sign)
            begin = ++end;
        while (end < line_.end && ascii::is_name_letter(ascii::to_lower(text_[end]))) ++end;
        while (end > begin && ascii::is_name_sign(text_[end - 1])) --end;
        found_.steps += end - at_;
        const std::size_t bytes_max = kind == token_kind::mention
                                          ? protocol::limits::user_name_bytes_max
                                          : protocol::limits::room_name_bytes_max;
        const bool goes_on = is_word_of_other_script(after(end)) || after(end) == '@';
        const bool names = stands_apart && end > begin && end - begin <= bytes_max && !goes_on &&
                           (kind == token_kind::room || left_.mentions > 0);
        if (names && kind == token_kind::mention) --left_.mentions;
        add(names ? kind : token_kind::literal, std::max(end, at_ + 1));
    }

    // A sign of emphasis is not part of the word behind it.
    bool follows_signs() const {
        return !found_.list.empty() && found_.list.back().bytes.end == at_ &&
               found_.list.back().kind == token_kind::run;
    }
    bool starts_word() const {
        const char32_t previous = before(at_);
        return follows_signs() || !(is_letter_or_digit(previous) || previous == '_' ||
                                    is_word_of_other_script(previous));
    }

    // ---- Links with a label

    struct open_label {
        std::size_t token;
        bool is_picture;  // "![": pictures are shown as they were typed
    };

    void open_bracket() {
        brackets_.push_back({.token = found_.list.size(), .is_picture = before(at_) == '!'});
        add(token_kind::literal, at_ + 1);
    }

    void close_bracket() {
        if (brackets_.empty()) {
            ++at_;
            return;
        }
        const open_label label = brackets_.back();
        brackets_.pop_back();
        if (label.is_picture || !rest().starts_with("](")) {
            ++at_;
            return;
        }
        const auto address = address_in_brackets(rest().substr(2));
        found_.steps += address.scanned;
        const std::string_view words = range_of(end_of(label), at_).of(text_);
        if (address.count == 0 || left_.links == 0 ||
            words.find_first_not_of(spaces) == words.npos) {
            ++at_;
            return;
        }
        --left_.links;
        end_label(label, words, range_of(at_ + 2, at_ + 2 + address.count));
    }

    std::size_t end_of(const open_label& label) const { return found_.list[label.token].bytes.end; }

    // Links in a label, and the labels around it, are text.
    void end_label(const open_label& label, std::string_view words, range address) {
        for (std::size_t i = label.token + 1; i < found_.list.size(); ++i) {
            token_kind& kind = found_.list[i].kind;
            const bool is_text = kind == token_kind::bare_link || kind == token_kind::mention ||
                                 kind == token_kind::room;
            if (is_text) kind = token_kind::literal;
        }
        found_.steps += found_.list.size() - label.token;
        brackets_.clear();
        token& open = found_.list[label.token];
        open.kind = token_kind::link_open;
        open.disguised = disguises(words, address.of(text_));
        found_.steps += words.size();
        add(token_kind::link_close, address.end + 1u).inner = address;
    }

    // ---- Signs of emphasis

    void take_signs() {
        const char sign = text_[at_];
        const std::string_view line = rest();
        const std::size_t signs = std::min(line.find_first_not_of(sign), line.size());
        const std::size_t wanted = sign == '_' ? 1 : sign == '*' ? signs : 2;
        if (signs != wanted) {
            at_ += signs;
            return;
        }
        sign_run run = run_between(sign, before(at_), after(at_ + signs));
        run.signs = static_cast<std::uint32_t>(signs);
        if (!run.opens && !run.closes) {
            at_ += signs;
            return;
        }
        count_open(run);
        add(token_kind::run, at_ + signs).run = run;
    }

    static sign_run run_between(char sign, char32_t before, char32_t after) {
        const bool opens = !is_space(after) &&
                           (!is_punctuation(after) || is_space(before) || is_punctuation(before));
        const bool closes = !is_space(before) &&
                            (!is_punctuation(before) || is_space(after) || is_punctuation(after));
        switch (sign) {
            case '*': {  // "2*3*4" is arithmetic
                const bool counts = is_digit(before) && is_digit(after);
                return {.sign = sign, .opens = opens && !counts, .closes = closes && !counts};
            }
            case '_':
                return {.sign = sign,
                        .opens = opens && may_precede_underscore(before),
                        .closes = closes && may_follow_underscore(after)};
            case '|':  // "a||b" is logic
                return {.sign = sign,
                        .opens = !is_space(after) && !is_letter_or_digit(before),
                        .closes = !is_space(before) && !is_letter_or_digit(after)};
            default: return {.sign = sign, .opens = opens, .closes = closes};
        }
    }

    // Which signs are open, near enough to say where an address ends.
    void count_open(const sign_run& run) {
        std::size_t& open = open_[emphasis_signs.find(run.sign)];
        if (run.closes && open > 0)
            open -= std::min<std::size_t>(open, run.signs);
        else if (run.opens)
            open += run.signs;
    }

    std::string_view open_signs() {
        open_now_.clear();
        for (std::size_t i = 0; i < emphasis_signs.size(); ++i)
            if (open_[i] > 0) open_now_ += emphasis_signs[i];
        return open_now_;
    }

    std::string_view text_;
    std::span<const range> lines_;
    allowance& left_;
    tokens found_;
    range line_{};  // that is walked over
    std::size_t at_ = 0;
    std::array<std::size_t, code_ticks_max + 1> last_ticks_{};  // where the last run begins
    std::vector<open_label> brackets_;
    std::array<std::size_t, emphasis_signs.size()> open_{};
    std::string open_now_;
};

}  // namespace

tokens find_tokens(std::string_view text, std::span<const range> lines, allowance& left) {
    return token_finder(text, lines, left).find();
}

}  // namespace parley::markup
