// Rooms as they are stored: finding one, who may enter, and adding an event to its log.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/storage/change.hpp"

namespace parley::storage {

// A server's whole; the largest list that anyone can make it keep.
inline constexpr std::uint64_t rooms_max = 1'000'000;
inline constexpr std::uint64_t guest_rooms_max = 10'000;  // with so many rooms, only accounts open more

struct room_row {
    std::uint64_t id{};
    std::string name, title;
    std::optional<std::string> member_a, member_b;  // both, of a direct room
    std::uint64_t epoch{};
    std::uint64_t top{};
    chat::time_ms top_at{};
    chat::time_ms created_at{};
    std::string created_by;

    bool direct() const { return member_a.has_value(); }
    bool admits(const std::string& user) const { return !direct() || user == *member_a || user == *member_b; }
};

std::optional<room_row> find_room(database& db, const std::string& name);

// Why this person may not read or write there, or that there is no such room.
std::optional<chat::refusal> refuse_entry(const std::optional<room_row>& room, const std::string& user);

chat::refusal no_such_room();

// Gives the event its seq and time, and moves the room's top. The time never goes back within a room.
chat::receipt add_event(change& made, room_row& room, protocol::event event);

// How far a member has read; none: not a member.
std::optional<std::uint64_t> read_mark(database& db, const room_row& room, const std::string& user);

// Adds a member, with the event. forbidden: a guest of one connection. limit: limits::joined_rooms_max.
chat::outcome add_member(change& made, room_row& room, const std::string& user);

// Why `add_member` would refuse.
std::optional<chat::refusal> refuse_member(database& db, const std::string& user);

}  // namespace parley::storage
