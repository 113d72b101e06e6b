// What commands may do and what they change, decided once for every ledger: server/chat/ledger.hpp
// declares the commands. Pure.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/chat/working_set.hpp"

#include <cstdint>

namespace parley::chat {

// A server's whole; the largest lists that anyone can make it keep.
inline constexpr std::uint64_t rooms_max = 1'000'000;
inline constexpr std::uint64_t people_max = 1'000'000;
// With so many rooms, only accounts open more: guests cost nothing to make, and rooms are never
// removed.
inline constexpr std::uint64_t guest_rooms_max = 10'000;

// Carries the command out on the set. A refusal has changed nothing. REQUIRES: its keys are loaded
// (see keys.hpp).
outcome judge(working_set& set, const command& each);

// Whether they may read and write in a room; null: there is no such room. A direct room does not
// exist for anybody but its people: others cannot find out who writes to whom. For queries too.
std::optional<refusal> refuse_entry(const room_row* room, const identity& who);

}  // namespace parley::chat
