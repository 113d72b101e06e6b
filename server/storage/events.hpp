// Single events as the tables have them.
#pragma once

#include "server/storage/database.hpp"
#include "shared/protocol/events.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace parley::storage {

// An event from the columns seq, at, author, kind, nonce, said, body. What a later version wrote,
// or what is damaged, is of a kind that is not known.
protocol::event event_at(const statement& row);

// As it was committed; none: the room is not that long.
std::optional<protocol::event> find_event(database& db, std::uint64_t room, std::uint64_t seq);

// Folded; none: no message has this seq.
std::optional<protocol::event> find_message(database& db, std::uint64_t room, std::uint64_t seq);

// The events with all that a message has said, the newest first and the message itself last. `rev`
// is the newest. Throws when they cannot be followed.
std::vector<protocol::event> wordings_of(database& db, std::uint64_t room, std::uint64_t target,
                                         std::uint64_t rev);

}  // namespace parley::storage
