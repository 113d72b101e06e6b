// How many connections there are of each address and each user, over all shards. Any thread: a
// lock, taken only when a connection comes or goes.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace parley::net {

class tally {
    struct entry {
        tally& of;
        const std::string* key;
        std::size_t count;
    };
    struct leave {
        void operator()(entry* from) const { from->of.give_up(*from); }
    };

public:
    // Counts as long as it is kept. One that is empty counts nowhere. REQUIRES: the tally outlives
    // it.
    using ticket = std::unique_ptr<entry, leave>;

    explicit tally(std::size_t most) : most_(most) {}  // of one key; 0: no limit
    tally(const tally&) = delete;
    tally& operator=(const tally&) = delete;

    // Nothing, when the key has as many as it may.
    std::optional<ticket> take(const std::string& key);

private:
    void give_up(entry& from);

    const std::size_t most_;
    std::mutex mutex_;  // guards what follows
    std::unordered_map<std::string, entry> entries_;
};

// What a connection holds from its acceptance to its end, whatever it becomes in between.
struct tickets {
    tally::ticket among_all{};   // or among those that are turned away
    tally::ticket of_address{};  // see network_of
};

// Who is connected.
struct connection_limits {
    tally all;         // that may stay
    tally by_address;  // see network_of
    tally by_user;

    // Connections that are told why they may not stay. Beyond this many they are told nothing.
    static constexpr std::size_t turned_away_max = 64;
    tally turned_away{turned_away_max};
};

}  // namespace parley::net
