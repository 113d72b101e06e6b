// What a shard counts, and what is counted where broadcasts become bytes.
#pragma once

#include "server/base/counter.hpp"
#include "server/chat/request_counters.hpp"
#include "server/wire/deflate_counters.hpp"

namespace parley::chat {

// Counted by the ledger's thread.
struct encode_counters {
    base::counter broadcasts;  // runs of events, each encoded once
    base::counter frames;  // shared frames made of them: for JSON, and for plain text where there
                           // is something to tell
    wire::deflate_counters deflated;

    static constexpr auto shown() {
        using row = base::shown_counter<encode_counters>;
        return std::array{
            row{&encode_counters::broadcasts, "parley_broadcasts_encoded_total",
                "Runs of events, each encoded once"},
            row{&encode_counters::frames, "parley_frames_encoded_total",
                "Frames of broadcasts, each framed once"},
        };
    }
};

// Counted by the shard's thread.
struct counters {
    request_counters requests;
    base::counter broadcasts;  // runs of events told to this shard
    base::counter deliveries;  // events queued for a connection
    base::counter behind;      // times a connection read too slowly
    base::counter repairs;     // pages read because the bus lost hints

    static constexpr auto shown() {
        using row = base::shown_counter<counters>;
        return std::array{
            row{&counters::broadcasts, "parley_broadcasts_total", "Runs of events told to a shard"},
            row{&counters::deliveries, "parley_deliveries_total", "Events queued for a connection"},
            row{&counters::behind, "parley_behind_total", "Times a connection read too slowly"},
            row{&counters::repairs, "parley_repairs_total",
                "Pages read because a shard lost hints"},
        };
    }
};

}  // namespace parley::chat
