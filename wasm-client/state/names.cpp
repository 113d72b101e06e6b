// Names in lower case without blanks and controls. Latin letters become a-z, by the Unicode tables.
#include "wasm-client/state/names.hpp"

#include "shared/protocol/ascii.hpp"
#include "shared/protocol/names.hpp"
#include "shared/protocol/text.hpp"
#include "shared/protocol/vocabulary.hpp"
#include "shared/unicode/latin.hpp"

#include <algorithm>

namespace parley::state {
namespace {

// The part of a title that a name can have.
struct latin_form {
    std::string name;      // letters and digits, single signs between them
    std::size_t kept = 0;  // characters of the title that are in the name
    std::size_t lost = 0;  // letters of other scripts and symbols that are not
};

latin_form latin_form_of(std::string_view title) {
    latin_form form;
    char sign = 0;  // to be written before the next letter
    while (!title.empty()) {
        const auto [code, bytes] = protocol::first_character(title);
        title.remove_prefix(bytes);
        const char c = code < 0x80 ? static_cast<char>(code) : '-';
        const auto letters = unicode::latin_letters(code);
        if (!letters) {
            if (sign == 0) sign = protocol::ascii::is_name_sign(c) ? c : '-';
            if (code >= 0x80) ++form.lost;
            continue;
        }
        if (letters->empty()) continue;
        if (sign != 0 && !form.name.empty()) form.name += sign;
        sign = 0;
        form.name += *letters;
        ++form.kept;
    }
    return form;
}

// Four letters and digits without vowels, so that they spell nothing. The same title always gets
// the same name: it is shown before the room is created.
std::string invented_name(std::string_view title) {
    constexpr std::string_view letters = "bcdfghjkmnpqrstvwxyz23456789";
    std::string name = "room-";
    auto rest = fingerprint(title);
    for (int i = 0; i < 4; ++i, rest /= letters.size()) name += letters[rest % letters.size()];
    return name;
}

std::string_view trim(std::string_view text, std::string_view blanks) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::uint32_t fingerprint(std::string_view text) {
    std::uint32_t hash = 2166136261U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
    return hash ^ hash >> 16;
}

std::string room_name_from(std::string_view typed) {
    const std::string title = protocol::to_single_line(typed);
    if (title.empty()) return {};
    auto [name, kept, lost] = latin_form_of(title);
    if (kept == 0 || lost > kept) return invented_name(title);
    while (protocol::is_kept_for_direct_rooms(name))
        name.erase(0, protocol::direct_room_prefix.size());
    name.resize(std::min(name.size(), protocol::limits::room_name_bytes_max));
    if (protocol::ascii::is_name_sign(name.back())) name.pop_back();
    return name;
}

std::string user_name_from(std::string_view typed) {
    std::string name;
    for (const char c : trim(typed, " \t\n\r")) name += protocol::ascii::to_lower(c);
    return name;
}

std::string without_controls(std::string_view typed) {
    std::string text;
    for (std::size_t i = 0; i < typed.size();) {
        const std::size_t control = protocol::control_bytes(typed, i);
        if (control == 0 || typed[i] == '\n' || typed[i] == '\t') text += typed[i];
        i += std::max<std::size_t>(control, 1);
    }
    return text;
}

std::string clean_text(std::string_view typed) {
    std::string text = without_controls(typed);
    const auto end = text.find_last_not_of(" \t\n");
    text.resize(end == std::string::npos ? 0 : end + 1);
    text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
    return text;
}

}  // namespace parley::state
