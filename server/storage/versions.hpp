// The wordings of a message: each edit names the one before it.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/storage/database.hpp"

#include <cstdint>
#include <vector>

namespace parley::storage {

chat::answer look_up(database& db, const chat::read_versions& wanted);

// The seqs of the edits of a message whose newest wording is that of `rev`, the newest first.
std::vector<std::uint64_t> edits_of(database& db, std::uint64_t room, std::uint64_t target,
                                    std::uint64_t rev);

}  // namespace parley::storage
