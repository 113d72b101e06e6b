// The frame is built anew with each change, and compared with the one before.
#include "server/chat/presence_board.hpp"

#include "shared/protocol/codec.hpp"

#include <set>
#include <utility>

namespace parley::chat {

bool presence_board::hear(const presence_summary& said, std::uint64_t tick) {
    if (said.online > 0)
        parts_.insert_or_assign(said.node, part{.said = said, .heard_at = tick});
    else
        parts_.erase(said.node);
    return draw(said.room);
}

bool presence_board::forget_silent(std::uint64_t tick) {
    std::string room;
    for (auto each = parts_.begin(); each != parts_.end();) {
        if (tick - each->second.heard_at < presence_lifetime_ticks) {
            ++each;
            continue;
        }
        room = each->second.said.room;
        each = parts_.erase(each);
    }
    return !room.empty() && draw(room);
}

bool presence_board::draw(const std::string& room) {
    std::set<std::string> names;
    std::uint64_t online = 0;
    bool all_named = true;
    for (const auto& [node, theirs] : parts_) {
        names.insert(theirs.said.users.begin(), theirs.said.users.end());
        online += theirs.said.online;
        all_named = all_named && theirs.said.online == theirs.said.users.size();
    }
    // Somebody with connections on two nodes counts once, as far as names tell.
    protocol::presence whole{room, all_named ? names.size() : online, {names.begin(), names.end()}};
    if (whole.users.size() > protocol::limits::presence_names_max)
        whole.users.resize(protocol::limits::presence_names_max);
    auto drawn = wire::make_frame(wire::opcode::text, protocol::encode(whole));
    if (frame_ && *frame_ == *drawn) return false;
    frame_ = std::move(drawn);
    return true;
}

void presence_board::said(std::shared_ptr<const hint> own, std::uint64_t tick) {
    own_ = std::move(own);
    said_at_ = tick;
}

std::shared_ptr<const hint> presence_board::repeat(std::uint64_t tick) {
    if (!own_ || tick - said_at_ < presence_repeat_ticks) return nullptr;
    said_at_ = tick;
    return own_;
}

}  // namespace parley::chat
