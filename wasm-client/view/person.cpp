// Initials and colours.
#include "wasm-client/view/person.hpp"

#include "wasm-client/state/names.hpp"

namespace parley::view {

std::string initials_of(std::string_view user) {
    std::string initials;
    bool starts = true;
    for (const char c : user) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (letter && starts) initials += c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
        if (initials.size() == 2) break;
        starts = !letter;
    }
    return initials.empty() ? "?" : initials;
}

std::uint32_t hue_of(std::string_view user) { return state::fingerprint(user) % hues; }

void write_person(json_writer& out, std::string_view user) {
    out.open('{')
        .key("name")
        .text(user)
        .key("initials")
        .text(initials_of(user))
        .key("hue")
        .number(hue_of(user));
    out.close('}');
}

}  // namespace parley::view
