// Encoding comes first, so that answers and events leave in one batch.
#include "server/chat/announcer.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace parley::chat {

void announcer::committed(commit changes, const std::function<void()>& answer) {
    std::vector<std::shared_ptr<const hint>> hints;
    const auto add = [&hints](hint one) {
        hints.push_back(std::make_shared<const hint>(std::move(one)));
    };
    if (!changes.events.empty())
        add(events_committed{make_broadcasts(std::move(changes.events), counters_,
                                             compresses() ? &compressor_ : nullptr)});
    for (std::string& session : changes.ended_sessions) add(session_ended{std::move(session)});
    for (std::string& user : changes.taken_names) add(name_taken{std::move(user)});
    const delivery_batch together(batches_);
    answer();
    for (const auto& one : hints) bus_.publish(one);
}

}  // namespace parley::chat
