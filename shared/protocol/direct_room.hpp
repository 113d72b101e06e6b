// The name of the direct room of two people. It is derived from their names, so that the two can
// never have more than one.
#pragma once

#include "shared/protocol/vocabulary.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace parley::protocol {

inline constexpr std::string_view direct_room_prefix = "dm.";

inline bool is_direct_room(std::string_view room) {
    return room.substr(0, direct_room_prefix.size()) == direct_room_prefix;
}

// dm.<a>.<b>, names sorted. When both names are very long, the result is longer than
// limits::room_name_bytes_max and therefore not a valid name.
inline std::string direct_room(std::string_view user, std::string_view other) {
    if (other < user) return direct_room(other, user);
    return std::string(direct_room_prefix) + std::string(user) + "." + std::string(other);
}

// The other person in a direct room of `me`; nothing when it is not a room of theirs, or its names
// are not sorted.
inline std::optional<std::string> other_in_direct_room(std::string_view room, std::string_view me) {
    if (!is_direct_room(room)) return std::nullopt;
    const std::string_view pair = room.substr(direct_room_prefix.size());
    if (pair.size() <= me.size() + 1) return std::nullopt;
    const std::string_view first = pair.substr(0, pair.size() - me.size() - 1),
                           last = pair.substr(me.size() + 1);
    for (const std::string_view other : {first, last})
        if (other != me && obeys(user_name, other) && direct_room(me, other) == room)
            return std::string(other);
    return std::nullopt;
}

}  // namespace parley::protocol
