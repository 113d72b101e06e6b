// What the writes to the WebSockets of one shard count. Written by the shard's thread, read by any.
#pragma once

#include "server/base/counter.hpp"
#include "server/chat/counters.hpp"

#include <array>

namespace parley::net {

struct write_counters {
    base::counter writes;  // system calls that took something
    base::counter bytes;
    base::high_water_mark queued;  // bytes that waited for one connection
    base::counter overdue;         // connections that fell behind, because too much was unread
    base::counter disconnected;    // for the same reason
    // Frames for one connection. Broadcasts are counted where they are encoded.
    wire::deflate_counters deflated;

    static constexpr auto shown() {
        using row = base::shown_counter<write_counters>;
        return std::array{
            row{&write_counters::writes, "parley_writes_total",
                "System calls that wrote to a WebSocket; by parley_deliveries_total: writes per "
                "delivery"},
            row{&write_counters::bytes, "parley_written_bytes_total",
                "Bytes written to WebSockets"},
            row{&write_counters::overdue, "parley_outbox_total_behind_total",
                "Times the longest unread connection fell behind for --outbox-total"},
            row{&write_counters::disconnected, "parley_outbox_total_disconnected_total",
                "Times it was disconnected, because that was not enough"},
        };
    }
};

}  // namespace parley::net
