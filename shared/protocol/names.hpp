// Names of people and rooms: what a new one must look like, and how a guest's differs from an
// account's.
#pragma once

#include <string>
#include <string_view>

namespace parley::protocol {

// A guest's name has this sign before it, in every frame. So nobody can bear an account's name
// without its password, and no account has to fight for one.
inline constexpr char guest_sign = '~';

inline bool is_guest(std::string_view person) { return person.starts_with(guest_sign); }

// The name without the sign: what people see beside a badge.
inline std::string_view bare_name(std::string_view person) {
    return person.substr(is_guest(person) ? 1 : 0);
}

// `name` as a guest's, with or without the sign before it.
inline std::string guest_name(std::string_view name) {
    return guest_sign + std::string(bare_name(name));
}

// Why no new room, account or guest may have this name, in words for people; empty: it may. Names
// that exist stay. REQUIRES: it obeys user_name or room_name.
std::string_view why_not_new_name(std::string_view name);

// Direct rooms get their names from the server, and those begin so, or did in an earlier version.
// Nobody chooses such a name for a room.
inline constexpr std::string_view direct_room_prefix = "dm-", old_direct_room_prefix = "dm.";
static_assert(direct_room_prefix.size() == old_direct_room_prefix.size());

inline bool is_kept_for_direct_rooms(std::string_view room) {
    return room.starts_with(direct_room_prefix) || room.starts_with(old_direct_room_prefix);
}

// Words that no person can be called, because they mean somebody or something else.
bool is_reserved_name(std::string_view name);

}  // namespace parley::protocol
