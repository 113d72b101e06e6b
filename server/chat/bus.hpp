// Port: tells every shard (and, on other machines, every node) what happened. It never carries
// truth: a hint that is lost shows as a gap in seq, and the gap is filled from the ledger. Twins:
// bus/local_bus, and a list in the tests.
#pragma once

#include "server/chat/broadcast.hpp"
#include "shared/protocol/notices.hpp"

#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace parley::chat {

// Events were committed.
struct events_committed {
    std::vector<std::shared_ptr<const broadcast>> broadcasts;
};

// A session was signed out or revoked: its connections close.
struct session_ended {
    std::string session;
};

// A guest signed in under a name: connections that use it without a session are closed.
struct name_taken {
    std::string user;
};

// What a person keeps on the server changed: every device of theirs is told.
struct person_changed {
    std::string user;
    protocol::person notice;
};

// Somebody types, or stopped.
struct typing_told {
    std::string room, user;
    bool active{};
};

// Who is in a room on one shard: at most limits::presence_names_max names, sorted.
struct presence_told {
    std::string room;
    std::size_t shard{};
    std::size_t online{};
    std::vector<std::string> users;
    bool asks = false;  // the shard has just opened the room: the others tell theirs in return
};

using hint = std::variant<events_committed, person_changed, session_ended, name_taken, typing_told,
                          presence_told>;

class bus {
public:
    virtual ~bus() = default;

    // Reaches the hub of every shard, the sender's own included, later and in order. Any thread.
    virtual void publish(std::shared_ptr<const hint> what) = 0;
};

}  // namespace parley::chat
