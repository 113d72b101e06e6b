// Port: brings what happened to every shard (and, on other machines, every node) that is interested
// in it. It never carries truth: hints that are lost are read from the ledger. Twins:
// bus/local_bus, and lists in the tests.
#pragma once

#include "server/chat/hints.hpp"

#include <cstddef>

namespace parley::chat {

class bus {
public:
    virtual ~bus() = default;

    // The hints of one moment. Each reaches the hub of every shard that is interested in what it is
    // about, the sender's own included, later and in order. Any thread.
    virtual void publish(hint_list hints) = 0;

    // Hints that are published after `begin_interest` returns reach the hub of that shard; so
    // whoever reads the ledger after it misses nothing. A shard has an interest once at most. Any
    // thread. Called by `interest`.
    virtual void begin_interest(std::size_t shard, subject about) = 0;
    virtual void end_interest(std::size_t shard, subject about) = 0;
};

// An interest of one shard, for as long as this lives. REQUIRES: the subject's name lives longer.
class interest {
public:
    interest(bus& bus, std::size_t shard, subject about) : bus_(bus), shard_(shard), about_(about) {
        bus_.begin_interest(shard_, about_);
    }
    ~interest() { bus_.end_interest(shard_, about_); }
    interest(const interest&) = delete;
    interest& operator=(const interest&) = delete;

private:
    bus& bus_;
    const std::size_t shard_;
    const subject about_;
};

}  // namespace parley::chat
