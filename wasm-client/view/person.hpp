// Draws a person without a picture: initials and one of a few colours, both from the name alone.
#pragma once

#include "wasm-client/view/json_writer.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace parley::view {

inline constexpr std::uint32_t hues = 8;  // style.css has as many

// "ann.lee" -> "AL"; "" -> "?".
std::string initials_of(std::string_view user);
std::uint32_t hue_of(std::string_view user);

// {name, guest, initials, hue}; the name is without the sign of a guest.
void write_person(json_writer& out, std::string_view user);

// In sentences: "ann", "gus (guest)".
std::string shown_name(std::string_view user);

// "ann is typing", "ann and bob are typing", "Several people are typing"; empty for nobody.
template <class Typists>
std::string typing_line(const Typists& typists) {
    if (typists.empty()) return "";
    if (typists.size() == 1) return shown_name(typists[0].user) + " is typing…";
    if (typists.size() == 2)
        return shown_name(typists[0].user) + " and " + shown_name(typists[1].user) + " are typing…";
    return "Several people are typing…";
}

}  // namespace parley::view
