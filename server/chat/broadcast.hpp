// A run of events of one room, on its way to everyone who is in it: encoded once, framed once, for
// each of the two kinds of client; and compressed once, for those who take that.
#pragma once

#include "server/chat/commit.hpp"
#include "server/chat/counters.hpp"
#include "server/wire/deflate.hpp"
#include "server/wire/frame.hpp"
#include "shared/protocol/records.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace parley::chat {

// What a connection reads. Deflated: compressed frames too.
enum class frame_kind : std::uint8_t { json, plain, deflated_json, deflated_plain };

constexpr bool is_json(frame_kind kind) {
    return kind == frame_kind::json || kind == frame_kind::deflated_json;
}

struct broadcast {
    std::string room;
    std::uint64_t epoch{};
    std::uint64_t first{};
    std::uint64_t last{};
    std::uint64_t said = 0;    // by its newest message; 0: it has none
    std::uint64_t shrunk = 0;  // seq of its newest deletion; 0: it has none
    std::vector<protocol::event>
        events;                // contiguous, first to last; none in runs that were joined
    wire::shared_frame json;   // one `events` frame; joined ones too, unless that were too long
    wire::shared_frame plain;  // a text frame for each message; null when there is none to tell
    wire::shared_frame
        deflated_json;  // null: nothing would be gained, or nobody read it when it was committed
    wire::shared_frame deflated_plain;

    const wire::shared_frame& frame_for(frame_kind kind) const;
};

// Runs that follow each other, as one: framed anew, encoded never again. REQUIRES: contiguous, of
// one room and epoch, at least one, none of them joined.
using run_list = std::span<const std::shared_ptr<const broadcast>>;
std::shared_ptr<const broadcast> join(run_list runs);

// What plain-text clients are sent of these events; null when there is no message among them.
wire::shared_frame make_plain_frame(const std::vector<protocol::event>& events);

// Puts the events of each room together in the order given, in frames of at most
// limits::frame_out_bytes_max. `compressor`: null when no connection reads compressed frames.
std::vector<std::shared_ptr<const broadcast>> make_broadcasts(std::vector<committed_event> group,
                                                              encode_counters& counted,
                                                              wire::deflater* compressor = nullptr);

}  // namespace parley::chat
