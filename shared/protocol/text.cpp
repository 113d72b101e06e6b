// UTF-8 by the table of RFC 3629, section 4.
#include "shared/protocol/text.hpp"

#include "shared/ensure.hpp"
#include "shared/protocol/ascii.hpp"
#include "shared/protocol/names.hpp"

#include <algorithm>

namespace parley::protocol {
namespace {

using byte = unsigned char;

bool is_continuation(byte b) { return (b & 0xC0) == 0x80; }

// Bytes of the well-formed character at the start of `rest`, or 0.
std::size_t character_bytes(std::string_view rest) {
    const auto at = [&](std::size_t i) { return i < rest.size() ? byte(rest[i]) : byte(0); };
    const byte lead = at(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xC2 && lead <= 0xDF) return is_continuation(at(1)) ? 2 : 0;
    if (lead >= 0xE0 && lead <= 0xEF) {
        const byte low = lead == 0xE0 ? 0xA0 : 0x80;
        const byte high = lead == 0xED ? 0x9F : 0xBF;
        return at(1) >= low && at(1) <= high && is_continuation(at(2)) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        const byte low = lead == 0xF0 ? 0x90 : 0x80;
        const byte high = lead == 0xF4 ? 0x8F : 0xBF;
        return at(1) >= low && at(1) <= high && is_continuation(at(2)) && is_continuation(at(3))
                   ? 4
                   : 0;
    }
    return 0;
}

std::size_t control_at(std::string_view text, std::size_t i) {
    const byte b = byte(text[i]);
    if (b < 0x20 || b == 0x7F) return 1;
    return b == 0xC2 && i + 1 < text.size() && byte(text[i + 1]) < 0xA0 ? 2 : 0;
}

bool has_no_control(std::string_view text, std::string_view allowed) {
    for (std::size_t i = 0; i < text.size(); ++i)
        if (control_at(text, i) > 0 && allowed.find(text[i]) == allowed.npos) return false;
    return true;
}

}  // namespace

std::size_t control_bytes(std::string_view text, std::size_t i) {
    ensure(i < text.size());
    return control_at(text, i);
}

std::size_t valid_utf8_prefix(std::string_view bytes) {
    std::size_t i = 0;
    while (i < bytes.size()) {
        if (byte(bytes[i]) < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = character_bytes(bytes.substr(i, 4));
        if (length == 0) break;
        i += length;
    }
    return i;
}

std::string repaired_utf8(std::string text) {
    if (is_utf8(text)) return text;
    std::string out;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t valid = valid_utf8_prefix(rest);
        out += rest.substr(0, valid);
        rest.remove_prefix(valid);
        if (rest.empty()) break;
        out += "\xEF\xBF\xBD";
        rest.remove_prefix(1);
    }
    return out;
}

character first_character(std::string_view text) {
    ensure(!text.empty());
    const std::size_t length = character_bytes(text.substr(0, 4));
    if (length == 0) return {.code = 0xFFFD, .bytes = 1};
    if (length == 1) return {.code = byte(text[0]), .bytes = 1};
    char32_t code = byte(text[0]) & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) code = code << 6 | (byte(text[i]) & 0x3FU);
    return {.code = code, .bytes = length};
}

bool spelled_in(std::string_view text, alphabet letters) {
    switch (letters) {
        case alphabet::name: return std::all_of(text.begin(), text.end(), ascii::is_name_letter);
        case alphabet::person: return spelled_in(bare_name(text), alphabet::name);
        case alphabet::token: return std::all_of(text.begin(), text.end(), ascii::is_token_letter);
        case alphabet::line: return has_no_control(text, "");
        case alphabet::prose: return has_no_control(text, "\n\t");
        case alphabet::opaque: return text.find('\0') == std::string_view::npos;
    }
    return false;
}

std::string to_single_line(std::string_view text) {
    std::string line;
    line.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t control = control_at(text, i);
        line += control > 0 ? ' ' : text[i];
        i += std::max<std::size_t>(control, 1);
    }
    const auto first = line.find_first_not_of(' ');
    if (first == std::string::npos) return {};
    return line.substr(first, line.find_last_not_of(' ') - first + 1);
}

std::string_view cut_utf8(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    while (bytes_max > 0 && is_continuation(byte(text[bytes_max]))) --bytes_max;
    return text.substr(0, bytes_max);
}

bool obeys(const rule& rule, std::uint64_t value) {
    ensure(rule.kind == value_kind::integer);
    return value >= rule.min && value <= rule.max;
}

bool obeys(const rule& rule, std::string_view value) {
    ensure(rule.kind == value_kind::text);
    return value.size() >= rule.min && value.size() <= rule.max && is_utf8(value) &&
           spelled_in(value, rule.letters);
}

}  // namespace parley::protocol
