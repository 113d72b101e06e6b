// Counts the connections of each address and each user, over all shards. Any thread: it takes a
// lock, only when a connection comes or goes.
#pragma once

#include "server/base/mutex.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace parley::net {

class tally {
    struct entry {
        tally& owner;
        const std::string* key;
        std::size_t count;
    };
    struct give_back {
        void operator()(entry* from) const { from->owner.release(*from); }
    };

public:
    // Counts as long as it exists. An empty one counts nowhere. REQUIRES: the tally outlives it.
    using ticket = std::unique_ptr<entry, give_back>;

    explicit tally(std::size_t most) : most_(most) {}  // for one key; 0: no limit
    ~tally();
    tally(const tally&) = delete;
    tally& operator=(const tally&) = delete;

    // Nothing, when the key has as many as it may.
    std::optional<ticket> take(const std::string& key);

private:
    void release(entry& from);

    const std::size_t most_;
    base::mutex mutex_;
    std::unordered_map<std::string, entry> entries_ GUARDED_BY(mutex_);
};

// What a connection has from its acceptance to its end, whatever it becomes in between.
struct tickets {
    tally::ticket among_all{};   // or among those that are turned away
    tally::ticket of_address{};  // see network_of
};

// How many connections there may be.
struct connection_limits {
    tally all;         // that may stay
    tally by_address;  // see network_of
    tally by_user;

    // Connections that are told why they may not stay. Others beyond this number are just closed.
    static constexpr std::size_t turned_away_max = 64;
    tally turned_away{turned_away_max};
};

}  // namespace parley::net
