// How much of a room is unread: arithmetic over the ordinals of messages (`said`), corrected by
// what the copy knows, and by the server's count where the copy cannot know.
#pragma once

#include "shared/protocol/records.hpp"
#include "wasm-client/state/room.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace parley::state {

// Whether this person has the entry unread until they have seen it.
bool is_news(const protocol::event& entry, const std::string& me);

// The summary of the server replaces what was known; a mark that it has not confirmed stays.
void take_summary_reading(room& room, const protocol::room_summary& summary, const std::string& me);
void take_count(room& room, const protocol::room_count& count, const std::string& me);
// The room has had so many messages; those that are new came from anybody.
void count_until(room& room, std::uint64_t said);
// An event that was just applied to the copy.
void count_event(room& room, const protocol::event& event, const std::string& me);
// Sets the mark forward or back. `said` is the ordinal of the last message before it, if it is
// known.
void move_mark(room& room, std::uint64_t seq, std::optional<std::uint64_t> said,
               const std::string& me);
// Counts what is uncertain, if the copy has all of it.
void count_in_copy(room& room, const std::string& me);

}  // namespace parley::state
