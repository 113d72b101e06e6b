// Which shards are interested in what. No locks: its owner has them.
#pragma once

#include "server/chat/hints.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace parley::chat {

inline constexpr std::size_t interested_shards_max = 64;

class interests {
public:
    // REQUIRES: shard < interested_shards_max, and it has no such interest. `about` is a room or a
    // person.
    void begin(std::size_t shard, subject about);

    // REQUIRES: it has that interest.
    void end(std::size_t shard, subject about);

    // A bit for each shard. What is for all is of interest to each that there may be.
    std::uint64_t shards_for(subject about) const;

    std::size_t size() const { return rooms_.size() + people_.size(); }

private:
    struct name_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view name) const {
            return std::hash<std::string_view>()(name);
        }
    };
    using table = std::unordered_map<std::string, std::uint64_t, name_hash, std::equal_to<>>;

    table& table_of(subject about);

    table rooms_, people_;
};

}  // namespace parley::chat
