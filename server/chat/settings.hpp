// What an operator may set about the chat itself.
#pragma once

#include "server/base/token_bucket.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace parley::chat {

// Look-ups of one connection: pages of history, subscriptions, lists of rooms, read marks. As many
// at once as a page needs that comes back with all its rooms, twice; then as fast as a person
// scrolls.
inline constexpr base::allowance lookups_allowed =
    base::allowance::per_second(2 * protocol::limits::subscriptions_max, 20);

// Refusals for being too fast. Who waits for `retry_ms` meets one now and then; who runs into so
// many does not listen.
inline constexpr base::allowance refusals_allowed = base::allowance::per_second(100, 10);

// Pings and pongs. A heartbeat takes one a second at most.
inline constexpr base::allowance control_frames_allowed = base::allowance::per_second(60, 5);

struct settings {
    std::uint64_t send_burst = protocol::limits::send_burst;  // messages at once; 0: no limit
    std::uint64_t send_per_second = protocol::limits::send_per_second;  // after that; 0: no limit
    std::size_t outbox_bytes_max =
        512 * 1024;  // queued for one connection; beyond it the connection is behind
    std::size_t pages_under_way_max = 256;  // read from the ledger for one shard; at least 1
    std::string node = "local";  // names the shard on the bus, and begins its nonces: at most 16 of
                                 // A-Z a-z 0-9 _ -, random for each shard and start of the server
    // The name of a new direct room of these people, who are sorted: the same for the same people,
    // and of 64 a-z 0-9 . _ - at most. Set by whoever opens shards.
    std::function<std::string(const std::vector<std::string>& people)> name_direct_room = {};

    // Who sets no limit to messages, sets none to what else a connection does: so a load is
    // measured.
    bool paced() const { return send_burst > 0 && send_per_second > 0; }
    base::allowance sends() const {
        return base::allowance::per_second(send_burst, send_per_second);
    }
    base::allowance lookups() const { return paced() ? lookups_allowed : base::allowance{}; }
    base::allowance control_frames() const {
        return paced() ? control_frames_allowed : base::allowance{};
    }

    // What the messages allowed weigh at most. At once: a second's worth at least.
    base::allowance bytes() const {
        if (!paced()) return {};
        constexpr std::uint64_t most = protocol::limits::frame_in_bytes_max;
        return base::allowance::per_second(std::max(send_burst, send_per_second) * most,
                                           send_per_second * most);
    }
};

// Beyond this share of its outbox a connection gets no typing signs, presence or heads.
inline constexpr std::size_t ephemeral_share = 8;

}  // namespace parley::chat
