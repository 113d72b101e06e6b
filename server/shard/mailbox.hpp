// The only way into a shard from other threads: they put functions in, and the shard runs them in
// batches.
//
// Invariants, under mutex_:
//  1. While no batch is open, the loop is woken if letters wait.
//  2. At most offers_max_ of the letters are offers.
//  3. A closed mailbox is empty.
#pragma once

#include "server/base/mutex.hpp"

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <functional>
#include <vector>

namespace parley::shard {

// Some seconds of a busy server; a shard that is further behind reads from the ledger instead.
inline constexpr std::size_t waiting_offers_max = 4096;

class mailbox {
public:
    using letter = std::function<void()>;

    explicit mailbox(boost::asio::io_context& loop, std::size_t offers_max = waiting_offers_max)
        : loop_(loop), offers_max_(offers_max) {}

    // Runs after a batch if offers, but for passing ones, were refused since the one before.
    // REQUIRES: nothing was put in yet.
    void when_refused(letter act);

    // Any thread. Letters run on the shard's thread, in the order in which they were put in. There
    // is no limit: each belongs to a request in flight, a connection or a session, and those have
    // limits.
    void post(letter act);

    // The same for what can be read elsewhere: while too many offers wait, it returns false and
    // drops the letter.
    bool offer(letter act) { return offer(std::move(act), offers_max_, loss::noticed); }

    // The same for what may be lost unnoticed. It gives way to the other offers.
    bool offer_passing(letter act) {
        return offer(std::move(act), offers_max_ / 2, loss::unnoticed);
    }

    // Between the two, letters wait; then they run in one batch. Calls are balanced. Any thread.
    void begin_batch();
    void end_batch();

    // Letters inside. Any thread.
    std::size_t waiting() const;

    // The loop has ended: drops what is inside, and whatever comes. Any thread.
    void close();

private:
    enum class loss : bool { unnoticed, noticed };
    bool offer(letter act, std::size_t offers_max, loss when_refused);
    bool put(letter act) REQUIRES_LOCK(mutex_);
    bool must_wake() REQUIRES_LOCK(mutex_);
    void wake();
    void drain();
    void check_invariants() const REQUIRES_LOCK(mutex_);

    boost::asio::io_context& loop_;
    const std::size_t offers_max_;
    letter when_refused_;
    mutable base::mutex mutex_;
    std::vector<letter> letters_ GUARDED_BY(mutex_);  // posted and offered
    std::size_t offers_ GUARDED_BY(mutex_) = 0;       // among them
    bool refused_ GUARDED_BY(mutex_) = false;         // since the last batch
    std::size_t batches_ GUARDED_BY(mutex_) = 0;      // that are open
    bool awake_ GUARDED_BY(mutex_) = false;           // drain() is posted
    bool closed_ GUARDED_BY(mutex_) = false;
    base::mutex waking_;  // of the use of the loop, so that wake() need not hold mutex_
    bool loop_ended_ GUARDED_BY(waking_) = false;
};

}  // namespace parley::shard
