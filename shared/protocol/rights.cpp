// Reads the table from above.
#include "shared/protocol/rights.hpp"

#include <cstddef>

namespace parley::protocol {

std::optional<action> action_of(std::string_view word) {
    for (std::size_t i = 0; i < action_words.size(); ++i)
        if (action_words[i] == word) return static_cast<action>(i);
    return std::nullopt;
}

std::optional<reason> why_not(actor who, action what, room_access room, membership_state membership,
                              target_state target) {
    for (const detail::right_row& row : detail::right_table)
        if (row.actions.has(what) && row.actors.has(who) && row.rooms.has(room) &&
            row.memberships.has(membership) && row.targets.has(target))
            return row.why;
    return std::nullopt;
}

}  // namespace parley::protocol
