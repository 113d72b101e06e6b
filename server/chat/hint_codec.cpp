// Events travel as the JSON frame that browsers get; of a frame, the payload.
#include "server/chat/hint_codec.hpp"

#include "shared/protocol/frame_reader.hpp"

#include <type_traits>
#include <utility>

namespace parley::chat {
namespace {

using protocol::error_code;
using protocol::fault;

using message = std::variant<protocol::events, person_changed, session_ended, name_taken,
                             typing_changed, presence_summary, presence_asked>;
static_assert(std::variant_size_v<message> == std::variant_size_v<hint>);

fault broken_run(const char* why) {
    return {.code = error_code::bad_field, .field = "events", .message = why};
}

protocol::decoded<hint> hint_of(protocol::events&& read, encode_counters& counted) {
    if (read.events.empty()) return broken_run("a run has events");
    std::vector<committed_event> group;
    for (protocol::event& one : read.events) {
        if (!group.empty() && one.seq != group.back().event.seq + 1)
            return broken_run("a run is contiguous");
        group.push_back({.room = read.room, .epoch = read.epoch, .event = std::move(one)});
    }
    auto runs = make_broadcasts(std::move(group), counted);
    if (runs.size() != 1) return broken_run("a run fits one frame");
    return hint(events_committed{std::move(runs.front())});
}

}  // namespace

std::string encode(const hint& one) {
    return std::visit(
        [](const auto& kind) -> std::string {
            if constexpr (std::is_same_v<decltype(kind), const events_committed&>)
                return std::string(wire::payload_of(*kind.run->json));
            else
                return protocol::encode(kind);
        },
        one);
}

protocol::decoded<hint> decode_hint(std::string_view bytes, encode_counters& counted) {
    constexpr bool skip_unknown_fields = true;
    auto read = protocol::detail::decode_frame<message>(
        bytes, protocol::limits::frame_out_bytes_max, skip_unknown_fields);
    if (auto* const found = std::get_if<fault>(&read)) return std::move(*found);
    return std::visit(
        [&](auto&& kind) -> protocol::decoded<hint> {
            if constexpr (std::is_same_v<decltype(kind), protocol::events&&>)
                return hint_of(std::forward<decltype(kind)>(kind), counted);
            else
                return hint(std::forward<decltype(kind)>(kind));
        },
        std::get<message>(std::move(read)));
}

}  // namespace parley::chat
