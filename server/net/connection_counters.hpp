// What a set of connections counts. Written by its shard's thread, read by any.
#pragma once

#include "server/base/counter.hpp"
#include "server/http/wire_kind.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace parley::net {

inline constexpr std::size_t status_end = 600;  // of HTTP

struct connection_counters {
    std::array<base::counter, http::wire_kind_words.size()> opened, closed;  // by kind
    std::array<base::counter, status_end> answered;                          // requests, by status
    // WebSockets, by what ended them.
    base::counter broken;
    base::counter slow;
    base::counter idle;
    base::counter malformed;
    base::counter crowded;
    base::counter slowed;  // times a WebSocket was not read from for a while

    // Reads `closed` first, so that the difference is never negative.
    std::uint64_t open(std::size_t kind) const {
        const std::uint64_t ended = closed[kind].value();
        return opened[kind].value() - ended;
    }

    static constexpr auto shown() {
        using row = base::shown_counter<connection_counters>;
        return std::array{
            row{&connection_counters::broken, "parley_websockets_broken_total",
                "WebSockets that ended without a close"},
            row{&connection_counters::slow, "parley_websockets_slow_total",
                "WebSockets closed because nothing was read"},
            row{&connection_counters::idle, "parley_websockets_idle_total",
                "WebSockets closed without a sign of life"},
            row{&connection_counters::malformed, "parley_websockets_malformed_total",
                "Closed for malformed or far too many frames"},
            row{&connection_counters::crowded, "parley_websockets_crowded_total",
                "Closed because their user has too many"},
            row{&connection_counters::slowed, "parley_websockets_slowed_total",
                "Times one sent too many bytes, and had to wait"},
        };
    }
};

}  // namespace parley::net
