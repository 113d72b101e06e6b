// The rows of the working set in SQLite: loaded for a group of commands, and written back.
#pragma once

#include "server/chat/working_set.hpp"
#include "server/storage/database.hpp"

#include <optional>
#include <string>
#include <utility>

namespace parley::storage {

// None: there is no such room.
std::optional<chat::room_row> find_room(database& db, const std::string& name);

// How far a member has read; none: not a member.
std::optional<chat::read_position> read_mark(database& db, const chat::room_row& room,
                                             const std::string& user);

// Loads what the keys name. `with_nonces`: otherwise every nonce is taken for new, which `save`
// finds out.
void load(database& db, const chat::row_keys& keys, bool with_nonces, chat::working_set& set);

// Whether an author (first) has said something under a nonce (second).
bool is_used(database& db, const std::pair<std::string, std::string>& nonce);

// Writes what the rules have changed. False: a nonce was not new after all; the transaction must be
// rolled back. REQUIRES: in the transaction in which the set was loaded.
bool save(database& db, chat::working_set& set);

void purge_expired_sessions(database& db, base::time_ms now);

}  // namespace parley::storage
