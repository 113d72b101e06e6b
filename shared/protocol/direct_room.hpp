// The name of the room of two people: derived, so that two can never be opened.
#pragma once

#include <string>
#include <string_view>

namespace parley::protocol {

inline constexpr std::string_view direct_room_prefix = "dm.";

inline bool is_direct_room(std::string_view room) {
    return room.substr(0, direct_room_prefix.size()) == direct_room_prefix;
}

// dm.<a>.<b>, names sorted. Longer than limits::room_name_bytes_max when both names are very long: then it is no name.
inline std::string direct_room(std::string_view one, std::string_view other) {
    if (other < one) return direct_room(other, one);
    return std::string(direct_room_prefix) + std::string(one) + "." + std::string(other);
}

}  // namespace parley::protocol
