// Derives initials and colour from a user name.
#include "wasm-client/view/person.hpp"

#include "shared/protocol/ascii.hpp"
#include "shared/protocol/names.hpp"
#include "wasm-client/state/names.hpp"

namespace parley::view {

namespace ascii = protocol::ascii;

std::string initials_of(std::string_view user) {
    std::string initials;
    bool starts = true;
    for (const char c : user) {
        const bool letter = ascii::is_lower(c) || ascii::is_digit(c);
        if (letter && starts) initials += ascii::to_upper(c);
        if (initials.size() == 2) break;
        starts = !letter;
    }
    return initials.empty() ? "?" : initials;
}

std::uint32_t hue_of(std::string_view user) { return state::fingerprint(user) % hues; }

void write_person(json_writer& out, std::string_view user) {
    out.open('{')
        .key(fields::name)
        .text(protocol::bare_name(user))
        .key(fields::guest)
        .flag(protocol::is_guest(user))
        .key(fields::initials)
        .text(initials_of(user))
        .key(fields::hue)
        .number(hue_of(user));
    out.close('}');
}

std::string shown_name(std::string_view user) {
    return std::string(protocol::bare_name(user)) + (protocol::is_guest(user) ? " (guest)" : "");
}

}  // namespace parley::view
