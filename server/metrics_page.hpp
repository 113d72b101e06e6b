// The page /metrics: the counters of all parts, summed at each request.
#pragma once

#include "server/auth/accounts.hpp"
#include "server/net/connection_set.hpp"
#include "server/shard/shard.hpp"
#include "server/storage/sqlite_ledger.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace parley {

struct counting_parts {
    const std::vector<std::unique_ptr<shard::shard>>& shards;
    const std::vector<std::unique_ptr<net::connection_set>>& connection_sets;
    const storage::sqlite_ledger& ledger;
    const chat::encode_counters& encoded;
    const auth::accounts& accounts;
    const std::atomic<std::size_t>& compressed_connections;
    const net::certificate* identity;  // null: without TLS
};

// Any thread. To show one more counter, list it in `shown()` beside its declaration.
std::string metrics_page(const counting_parts& parts);

}  // namespace parley
