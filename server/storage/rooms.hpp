// Rooms as they are stored: finding one, who may enter, and adding an event to its log.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/storage/change.hpp"
#include "server/storage/room_row.hpp"

namespace parley::storage {

// A server's whole; the largest list that anyone can make it keep.
inline constexpr std::uint64_t rooms_max = 1'000'000;
inline constexpr std::uint64_t guest_rooms_max =
    10'000;  // with so many rooms, only accounts open more

std::optional<room_row> find_room(database& db, const std::string& name);

// As the transaction has made it so far; null: there is none. Read once in a transaction.
room_row* find_room(change& made, const std::string& name);

// Why this person may not read or write there, or that there is no such room (null).
std::optional<chat::refusal> refuse_entry(const room_row* room, const std::string& user);

chat::refusal no_such_room();

// The time of an event is the wall clock's. It does not go back within a room while the clock is
// behind the newest event by no more than this: so much is a correction of the clock. Beyond it the
// clock was wrong before, and what follows must not keep that time.
inline constexpr chat::time_ms clock_correction_max_ms = 2'000;

// Gives the event its seq and time, and moves the room's top. None: its author has used its nonce
// before, in whatever room, and nothing was added. REQUIRES: of `made`.
std::optional<chat::receipt> add_event_once(change& made, room_row& room, protocol::event event);

// The same, of an event without a nonce.
chat::receipt add_event(change& made, room_row& room, protocol::event event);

// How far the rooms have come, once for all that was added. REQUIRES: before the transaction ends.
void write_tops(change& made);

// How far a member has read; none: not a member.
std::optional<std::uint64_t> read_mark(database& db, const room_row& room, const std::string& user);

// Adds a member, with the event. forbidden: a guest of one connection. limit:
// limits::joined_rooms_max.
chat::outcome add_member(change& made, room_row& room, const std::string& user);

// Why `add_member` would refuse.
std::optional<chat::refusal> refuse_member(database& db, const std::string& user);

}  // namespace parley::storage
