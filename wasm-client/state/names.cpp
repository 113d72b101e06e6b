// Lower case, no blanks around, no controls.
#include "wasm-client/state/names.hpp"

#include "shared/protocol/direct_room.hpp"
#include "shared/protocol/text.hpp"
#include "shared/protocol/vocabulary.hpp"

namespace parley::state {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool in_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

std::string_view trim(std::string_view text, std::string_view blanks) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::string room_name_from(std::string_view title) {
    std::string name;
    for (const char typed : title) {
        const char c = lower(typed);
        if (in_name(c))
            name += c;
        else if (!name.empty() && name.back() != '-')
            name += '-';
    }
    if (protocol::is_direct_room(name)) name.erase(0, protocol::direct_room_prefix.size());
    name.resize(std::min(name.size(), protocol::limits::room_name_bytes_max));
    return std::string(trim(name, "-."));
}

std::string user_name_from(std::string_view typed) {
    std::string name;
    for (const char c : trim(typed, " \t\n\r")) name += lower(c);
    return name;
}

std::string clean_text(std::string_view typed) {
    std::string text;
    for (std::size_t i = 0; i < typed.size(); ++i) {
        const auto byte = static_cast<unsigned char>(typed[i]);
        const bool c1 =
            byte == 0xC2 && i + 1 < typed.size() && static_cast<unsigned char>(typed[i + 1]) < 0xA0;
        if (c1)
            ++i;
        else if ((byte >= 0x20 && byte != 0x7F) || byte == '\n' || byte == '\t')
            text += typed[i];
    }
    const auto end = text.find_last_not_of(" \t\n");
    text.resize(end == std::string::npos ? 0 : end + 1);
    text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
    return text;
}

}  // namespace parley::state
