// Encoding comes first, so that answers and events leave in one batch.
#include "server/chat/announcer.hpp"

#include "shared/protocol/codec.hpp"

#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::chat {
namespace {

// An upper bound of what a change adds to its notice.
std::size_t json_bytes_at_most(const personal_change& one) {
    if (protocol::is_kept_kind(one.record.body)) return protocol::personal_weight(one.record.body);
    constexpr std::size_t others = 256;
    constexpr std::size_t room_bytes =
        2 * protocol::limits::title_bytes_max + protocol::limits::room_name_bytes_max +
        protocol::limits::direct_people_max * (protocol::limits::user_name_bytes_max + 4) + others;
    return others + (one.room ? room_bytes : 0);
}

// One notice for each person, or several where it would be too long.
std::vector<person_changed> changes_by_person(std::vector<personal_change> changes) {
    struct open_notice {
        std::size_t index;
        std::size_t bytes;
    };
    std::vector<person_changed> out;
    std::map<std::string_view, open_notice> open;
    for (personal_change& one : changes) {
        const std::size_t bytes = json_bytes_at_most(one);
        const auto known = open.find(one.user);
        const bool fits = known != open.end() &&
                          known->second.bytes + bytes <= protocol::limits::personal_bytes_max;
        if (!fits) out.push_back({.user = one.user, .seq = 0, .changes = {}, .rooms = {}});
        open_notice& into =
            fits ? known->second
                 : open.insert_or_assign(one.user, open_notice{out.size() - 1, 0}).first->second;
        into.bytes += bytes;
        person_changed& notice = out[into.index];
        notice.seq = one.seq;
        notice.changes.push_back(std::move(one.record));
        if (one.room) notice.rooms.push_back(std::move(*one.room));
    }
    return out;
}

}  // namespace

void announcer::committed(commit changes, const std::function<void()>& answer) {
    hint_list hints;
    const auto add = [&hints](hint one) {
        hints.push_back(std::make_shared<const hint>(std::move(one)));
    };
    for (person_changed& one : changes_by_person(std::move(changes.personal))) add(std::move(one));
    for (auto& run : make_broadcasts(std::move(changes.events), counters_,
                                     compresses() ? &compressor_ : nullptr))
        add(events_committed{std::move(run)});
    for (std::string& session : changes.ended_sessions) add(session_ended{std::move(session)});
    for (std::string& user : changes.taken_names) add(name_taken{std::move(user)});
    const delivery_batch together(batches_);
    answer();
    bus_.publish(std::move(hints));
}

}  // namespace parley::chat
