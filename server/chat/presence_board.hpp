// Who is in one room, put together from what each node has last said.
#pragma once

#include "server/chat/hints.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace parley::chat {

// A node repeats what it said about a room, so that a lost hint is made good, and forgets what
// another has not repeated. Counted in the ticks of a hub.
inline constexpr std::uint64_t presence_repeat_ms = 20'000;
inline constexpr std::uint64_t presence_lifetime_ms = 60'000;
static_assert(presence_lifetime_ms > 2 * presence_repeat_ms, "one repetition may be lost");

inline constexpr std::uint64_t presence_repeat_ticks =
    presence_repeat_ms / protocol::limits::head_interval_ms;
inline constexpr std::uint64_t presence_lifetime_ticks =
    presence_lifetime_ms / protocol::limits::head_interval_ms;

class presence_board {
public:
    // A node said this. True: the picture is another one now.
    bool hear(const presence_summary& said, std::uint64_t tick);

    // Forgets the nodes that have not repeated themselves. True: the picture is another one now.
    bool forget_silent(std::uint64_t tick);

    // The whole picture; null before anything was heard.
    const wire::shared_frame& frame() const { return frame_; }

    // What this node said itself; null: that nobody is here, which is not repeated.
    void said(std::shared_ptr<const hint> own, std::uint64_t tick);

    // The same once more, if it is time; otherwise null.
    std::shared_ptr<const hint> repeat(std::uint64_t tick);

private:
    struct part {
        presence_summary said;
        std::uint64_t heard_at;
    };
    bool draw(const std::string& room);

    std::map<std::string, part, std::less<>> parts_;  // by node
    wire::shared_frame frame_;
    std::shared_ptr<const hint> own_;
    std::uint64_t said_at_ = 0;
};

}  // namespace parley::chat
