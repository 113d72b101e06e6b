// How the tables of an older version become those of today. What a version changed stands in
// migrations.cpp, one step each.
#pragma once

#include "server/storage/database.hpp"

#include <cstdint>

namespace parley::storage {

// The version of a file that check_schema has passed.
std::uint64_t schema_version_of(database& db);

// Brings the tables to schema_version, each step in one transaction: a crash leaves one version or
// the next. Nothing to do is no error. sqlite_error: the file is as it was before the step.
// REQUIRES: foreign keys are not enforced on this connection.
void migrate(database& db);

// The same in the transaction that is open, for whoever only wants to look and rolls it back.
void migrate_in_transaction(database& db);

}  // namespace parley::storage
