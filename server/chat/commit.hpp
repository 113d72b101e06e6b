// Port: what a ledger reports once a transaction is on disk. The listener is chat/announcer.
#pragma once

#include "shared/protocol/personal.hpp"
#include "shared/protocol/records.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace parley::chat {

struct committed_event {
    std::string room;
    std::uint64_t epoch{};
    protocol::event event;
};

// What one person's devices must hear, and where it stands in that person's log.
struct personal_change {
    std::string user;
    std::uint64_t seq{};
    protocol::personal_record record;
    std::optional<protocol::room_summary> room{};  // that came onto the list
};

// Everything in a transaction that others must hear.
struct commit {
    std::vector<committed_event> events{};  // in order of seq within each room
    std::vector<personal_change> personal{};
    std::vector<std::string> ended_sessions{};
    std::vector<std::string> taken_names{};  // of guests who signed in
};

class commit_listener {
public:
    virtual ~commit_listener() = default;

    // Called by the ledger's thread after each transaction, one at a time; `changes` is empty when
    // the transaction failed. `answer` hands the outcomes to those who submitted the commands: the
    // listener calls it once, before it tells anybody else.
    virtual void committed(commit changes, const std::function<void()>& answer) = 0;
};

}  // namespace parley::chat
