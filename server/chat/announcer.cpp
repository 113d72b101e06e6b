// Encoding comes first, so that answers and events leave in one batch.
#include "server/chat/announcer.hpp"

#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::chat {
namespace {

// One notice for each person, or several where it would be too long.
std::vector<person_changed> changes_by_person(std::vector<personal_change> changes) {
    std::vector<person_changed> out;
    std::map<std::string_view, std::size_t> open;
    for (personal_change& one : changes) {
        const auto known = open.find(one.user);
        const bool fits = known != open.end() && out[known->second].changes.size() <
                                                     protocol::limits::personal_changes_max;
        if (!fits) out.push_back({.user = one.user, .changes = {}, .rooms = {}});
        const std::size_t index = fits ? known->second : out.size() - 1;
        if (!fits) open[one.user] = index;
        out[index].changes.push_back(std::move(one.record));
        if (one.room) out[index].rooms.push_back(std::move(*one.room));
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
