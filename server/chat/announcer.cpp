// Encoding comes first, so that answers and events leave in one batch.
#include "server/chat/announcer.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace parley::chat {

void announcer::committed(commit changes, const std::function<void()>& answer) {
    hint_list hints;
    const auto add = [&hints](hint one) {
        hints.push_back(std::make_shared<const hint>(std::move(one)));
    };
    for (const committed_event& one : changes.events) {
        const bool joined = one.event.kind == protocol::event_kind::joined;
        if (joined || one.event.kind == protocol::event_kind::left)
            add(membership_changed{.room = one.room,
                                   .user = one.event.author,
                                   .joined = joined,
                                   .epoch = one.epoch,
                                   .seq = one.event.seq});
    }
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
