// The logs of people and the records that they keep, in SQLite.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/chat/working_set.hpp"
#include "server/storage/database.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace parley::storage {

// In one statement for all. REQUIRES: each user once.
void load_logs(database& db, const std::vector<std::string>& users, chat::working_set& set);
void load_record(database& db, const chat::record_key& key, chat::working_set& set);

void save_log(database& db, const std::string& user, const chat::log_row& log);
void save_record(database& db, const chat::update_record& change);
void delete_records(database& db, const std::string& user);

// Where the person's log stands; 0: they have none.
std::uint64_t log_end(database& db, const chat::identity& by);
// What a device that holds the log up to `since` lacks, but for membership and marks.
chat::personal_changes changes_since(database& db, const chat::identity& by,
                                     std::optional<std::uint64_t> since);

}  // namespace parley::storage
