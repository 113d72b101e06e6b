// A subject in which nobody is interested any more is forgotten.
#include "server/chat/interests.hpp"

#include "shared/ensure.hpp"

namespace parley::chat {
namespace {

std::uint64_t bit_of(std::size_t shard) {
    ensure(shard < interested_shards_max);
    return std::uint64_t{1} << shard;
}

}  // namespace

interests::table& interests::table_of(subject about) {
    ensure(about.of != subject::kind::all);
    return about.of == subject::kind::room ? rooms_ : people_;
}

void interests::begin(std::size_t shard, subject about) {
    std::uint64_t& shards = table_of(about)[std::string(about.name)];
    ensure((shards & bit_of(shard)) == 0);
    shards |= bit_of(shard);
}

void interests::end(std::size_t shard, subject about) {
    table& all = table_of(about);
    const auto found = all.find(about.name);
    ensure(found != all.end() && (found->second & bit_of(shard)) != 0);
    found->second &= ~bit_of(shard);
    if (found->second == 0) all.erase(found);
}

std::uint64_t interests::shards_for(subject about) const {
    if (about.of == subject::kind::all) return ~std::uint64_t{0};
    const table& all = about.of == subject::kind::room ? rooms_ : people_;
    const auto found = all.find(about.name);
    return found == all.end() ? 0 : found->second;
}

}  // namespace parley::chat
