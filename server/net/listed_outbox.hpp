// The part of an outbox that the lists of its shard see: net/flusher and net/unread keep outboxes
// in lists, and net/outbox, which is above them, derives from this.
#pragma once

#include "server/chat/identity.hpp"
#include "server/chat/sink.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <vector>

namespace parley::net {

class listed_outbox : public chat::sink {
public:
    listed_outbox(const listed_outbox&) = delete;
    listed_outbox& operator=(const listed_outbox&) = delete;

    std::size_t queued_bytes() const { return queued_bytes_; }

    // Nothing: never.
    std::optional<base::time_us> written_at() const {
        return has_written_ ? std::optional(written_at_) : std::nullopt;
    }

    // Writes what is queued, as far as the kernel takes it.
    virtual void flush(base::time_us now) = 0;
    virtual void prefetch_queue() const = 0;

    // All unread outboxes hold too much, and this one was not read from for longest: it forgets
    // queued events, and takes none until it is empty. `disconnect`: that was not enough.
    virtual void fall_behind() = 0;
    virtual void disconnect() = 0;

protected:
    listed_outbox() = default;
    ~listed_outbox() = default;

    bool is_listed_for_writing() const { return list_ != nullptr; }

    // Every delivery touches these (sink::touched_bytes).
    std::size_t queued_bytes_ = 0;
    base::time_us written_at_ = 0;  // once has_written_; one value would be larger
    bool has_written_ = false;
    bool prompt_ = false;  // is written to in this turn

private:
    friend class flusher;
    friend class unread_outboxes;

    // The flusher's: one of its lists, or null.
    std::uint32_t slot_ = 0;
    std::vector<listed_outbox*>* list_ = nullptr;

    // Those of unread_outboxes: one of its lists, or null.
    std::list<listed_outbox*>* unread_list_ = nullptr;
    std::list<listed_outbox*>::iterator unread_at_{};
    std::size_t unread_bytes_ = 0;  // that are counted there
};

}  // namespace parley::net
