// A bare address begins with its scheme at the start of a word, and ends before punctuation that
// people write after addresses, in any script.
#include "shared/markup/addresses.hpp"

#include "shared/protocol/ascii.hpp"
#include "shared/protocol/text.hpp"
#include "shared/unicode/link_boundary.hpp"

#include <algorithm>
#include <array>

namespace parley::markup {
namespace {

namespace ascii = protocol::ascii;
using unicode::link_boundary;

constexpr std::string_view mail_scheme = "mailto:";

bool is_letter_or_digit(char c) {
    return ascii::is_lower(ascii::to_lower(c)) || ascii::is_digit(c);
}

char folded(char c) { return ascii::to_lower(c); }

bool begins_with(std::string_view text, std::string_view lower) {
    const std::string_view start = text.substr(0, lower.size());
    return std::equal(start.begin(), start.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return folded(a) == b; });
}

// Bytes of "https://", or 0.
std::size_t web_scheme_bytes(std::string_view text) {
    for (const std::string_view scheme : {"https://", "http://"})
        if (begins_with(text, scheme)) return scheme.size();
    return 0;
}

link_boundary boundary_of(char32_t code, std::string_view open_signs) {
    if (code >= 0x80) return unicode::link_boundary_of(code);
    const char c = static_cast<char>(code);
    const auto is_in = [c](std::string_view set) { return set.find(c) != set.npos; };
    if (c <= 0x20 || c == 0x7F || is_in("<>\"`{}|\\^")) return link_boundary::hard;
    return is_in(".,;:!?'") || is_in(open_signs) ? link_boundary::soft : link_boundary::none;
}

// Counts the brackets that were opened inside an address and not yet closed, by pair.
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

// "user:secret@" before a host serves deceit more often than people.
bool names_user(std::string_view address, std::size_t scheme) {
    const std::string_view rest = address.substr(std::min(scheme, address.size()));
    return rest.substr(0, rest.find_first_of("/?#")).find('@') != rest.npos;
}

bool begins_host(std::string_view rest) {
    if (rest.empty()) return false;
    const auto first = protocol::first_character(rest);
    if (first.code < 0x80) return is_letter_or_digit(rest.front()) || rest.front() == '[';
    return boundary_of(first.code, {}) == link_boundary::none && !unicode::bracket_of(first.code);
}

// Whether a whole address may be a link.
bool is_linked(std::string_view address) {
    if (begins_with(address, mail_scheme)) return address.find('@') != address.npos;
    const std::size_t scheme = web_scheme_bytes(address);
    return scheme > 0 && begins_host(address.substr(scheme)) && !names_user(address, scheme);
}

// Whether no address goes on here: at what always ends one, and at what would begin another link.
bool ends_address(std::string_view rest, char32_t code) {
    return boundary_of(code, {}) == link_boundary::hard || rest.starts_with("](");
}

// "example.org" of "https://example.org:8080/x" and of "mailto:ann@example.org"
std::string_view host_of(std::string_view address) {
    if (begins_with(address, mail_scheme)) {
        address.remove_prefix(address.find('@') + 1);
        return address.substr(0, address.find('?'));
    }
    address.remove_prefix(web_scheme_bytes(address));
    return address.substr(0, address.find_first_of("/?#:"));
}

bool is_same(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(),
                      [](char left, char right) { return folded(left) == folded(right); });
}

// Whether `name` is the host, with "www." or without. A domain above it may be somebody else's:
// anybody has a name under github.io.
bool names_host(std::string_view name, std::string_view host) {
    constexpr std::string_view usual = "www.";
    for (std::string_view* const each : {&name, &host})
        if (begins_with(*each, usual)) each->remove_prefix(usual.size());
    return is_same(name, host);
}

// What browsers take for the dots of a host, and what looks like one.
bool is_dot(char32_t code) {
    constexpr std::u32string_view dots = U".\u3002\uFF0E\uFF61\u2024\uFE52";
    return dots.find(code) != dots.npos;
}

// Also the signs that may not be shown: "exam**ple**.org".
bool is_host_character(char32_t code) {
    if (code >= 0x80) return true;
    const char c = static_cast<char>(code);
    return is_letter_or_digit(c) || std::string_view("-*_~`|\\").find(c) != std::string_view::npos;
}

}  // namespace

// In "(see https://a.b/c_(d))." the address ends at "d)": a closing bracket belongs to it if it was
// opened inside. Other closing brackets are punctuation.
address_bytes bare_address(std::string_view rest, std::string_view open_signs, bool in_label) {
    const std::size_t scheme = web_scheme_bytes(rest);
    if (scheme == 0 || !begins_host(rest.substr(scheme))) return {.count = 0, .scanned = 1};
    open_brackets brackets;
    std::size_t end = scheme, i = scheme;
    while (i < rest.size()) {
        if (in_label && rest.substr(i).starts_with("](")) break;
        const auto next = protocol::first_character(rest.substr(i));
        link_boundary boundary = boundary_of(next.code, open_signs);
        if (boundary == link_boundary::hard) break;
        i += next.bytes;
        if (const auto bracket = unicode::bracket_of(next.code)) {
            if (bracket->opens) brackets.open(*bracket);
            const bool stray = !bracket->opens && !brackets.close(*bracket);
            if (stray && next.code >= 0x80) break;
            if (stray || bracket->opens) boundary = link_boundary::soft;
        }
        if (boundary == link_boundary::none) end = i;
    }
    const std::string_view address = rest.substr(0, end > scheme ? end : 0);
    return {.count = address.size(), .scanned = i, .may_link = !names_user(address, scheme)};
}

address_bytes address_in_angles(std::string_view rest) {
    std::size_t i = 0;
    while (i < rest.size() && rest[i] != '>') {
        const auto next = protocol::first_character(rest.substr(i));
        if (boundary_of(next.code, {}) == link_boundary::hard)
            return {.count = 0, .scanned = i + 1};
        i += next.bytes;
    }
    const bool links = i < rest.size() && is_linked(rest.substr(0, i));
    return {.count = links ? i : 0, .scanned = i + 1};
}

address_bytes address_in_brackets(std::string_view rest) {
    std::size_t open = 0, i = 0;
    while (i < rest.size() && (rest[i] != ')' || open > 0)) {
        const auto next = protocol::first_character(rest.substr(i));
        if (ends_address(rest.substr(i), next.code)) return {.count = 0, .scanned = i + 1};
        if (rest[i] == '(') ++open;
        if (rest[i] == ')') --open;
        i += next.bytes;
    }
    const bool links = i < rest.size() && is_linked(rest.substr(0, i));
    return {.count = links ? i : 0, .scanned = i + 1};
}

bool disguises(std::string_view label, std::string_view address) {
    const std::string_view host = host_of(address);
    if (is_same(host_of(label), host)) return false;
    label.remove_prefix(web_scheme_bytes(label));
    std::size_t begin = 0, end = 0;  // of what may be the name of a host
    bool after_dot = false, dotted = false;
    for (std::size_t i = 0; i < label.size();) {
        const auto next = protocol::first_character(label.substr(i));
        i += next.bytes;
        if (is_dot(next.code) && end > begin) {
            after_dot = true;
        } else if (is_host_character(next.code)) {
            dotted = dotted || after_dot;
            after_dot = false;
            end = i;
        } else {
            if (dotted && !names_host(label.substr(begin, end - begin), host)) return true;
            begin = end = i;
            after_dot = dotted = false;
        }
    }
    return dotted && !names_host(label.substr(begin, end - begin), host);
}

}  // namespace parley::markup
