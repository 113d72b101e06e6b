// What people change about themselves: accounts, guests, sessions. Each decides before it writes.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/storage/change.hpp"

namespace parley::storage {

// Uses of a session are noted at most this often; those of an open connection, which never ends
// using it, more rarely.
inline constexpr chat::time_ms session_noted_every_ms = 60ULL * 60 * 1'000;
inline constexpr chat::time_ms open_session_noted_every_ms = 24ULL * 60 * 60 * 1'000;

// Accounts and guests a server keeps; the largest list that anyone can make it keep.
inline constexpr std::uint64_t people_max = 1'000'000;

chat::outcome carry_out(change& made, const chat::add_account& what);
chat::outcome carry_out(change& made, const chat::add_guest& what);
chat::outcome carry_out(change& made, const chat::open_session& what);
chat::outcome carry_out(change& made, const chat::end_session& what);

// Notes that sessions were used; names of sessions that have ended meanwhile are passed over.
chat::outcome note_use(change& made, const std::vector<std::string>& sessions);

void purge_expired_sessions(database& db, chat::time_ms now);

}  // namespace parley::storage
