// The loop is woken once for all letters that wait.
#include "server/shard/mailbox.hpp"

#include "shared/ensure.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace parley::shard {

void mailbox::when_refused(letter act) {
    const base::mutex_lock lock(mutex_);
    ensure(letters_.empty() && !awake_);
    when_refused_ = std::move(act);
}

void mailbox::post(letter act) {
    {
        const base::mutex_lock lock(mutex_);
        if (!put(std::move(act))) return;
    }
    wake();
}

bool mailbox::offer(letter act, std::size_t offers_max, loss when_refused) {
    {
        const base::mutex_lock lock(mutex_);
        if (offers_ >= offers_max) {
            // The loop is woken for those that wait.
            refused_ = refused_ || when_refused == loss::noticed;
            return false;
        }
        if (!closed_) ++offers_;
        if (!put(std::move(act))) return true;
    }
    wake();
    return true;
}

void mailbox::begin_batch() {
    const base::mutex_lock lock(mutex_);
    ++batches_;
}

void mailbox::end_batch() {
    {
        const base::mutex_lock lock(mutex_);
        ensure(batches_ > 0);
        --batches_;
        const bool wakes = must_wake();
        if constexpr (invariants_are_checked) check_invariants();
        if (!wakes) return;
    }
    wake();
}

// True: the caller wakes the loop, without the lock.
bool mailbox::put(letter act) {
    if (closed_) return false;
    letters_.push_back(std::move(act));
    const bool wakes = must_wake();
    if constexpr (invariants_are_checked) check_invariants();
    return wakes;
}

bool mailbox::must_wake() {
    if (batches_ > 0 || letters_.empty()) return false;
    return !std::exchange(awake_, true);
}

void mailbox::wake() {
    const base::mutex_lock lock(waking_);
    if (!loop_ended_) boost::asio::post(loop_, [this] { drain(); });
}

void mailbox::drain() {
    std::vector<letter> batch;
    bool refused = false;
    {
        const base::mutex_lock lock(mutex_);
        awake_ = false;
        if (batches_ > 0) return;  // end_batch() wakes it again
        batch.swap(letters_);
        offers_ = 0;
        refused = std::exchange(refused_, false);
        if constexpr (invariants_are_checked) check_invariants();
    }
    for (letter& act : batch) act();
    if (refused && when_refused_) when_refused_();
}

std::size_t mailbox::waiting() const {
    const base::mutex_lock lock(mutex_);
    return letters_.size();
}

void mailbox::close() {
    std::vector<letter> dropped;  // ends without the locks
    const base::mutex_lock waking(waking_);
    const base::mutex_lock lock(mutex_);
    loop_ended_ = closed_ = true;
    offers_ = 0;
    dropped.swap(letters_);
    if constexpr (invariants_are_checked) check_invariants();
}

void mailbox::check_invariants() const {
    ensure(batches_ > 0 || letters_.empty() || awake_);            // 1
    ensure(offers_ <= offers_max_ && offers_ <= letters_.size());  // 2
    ensure(!closed_ || letters_.empty());                          // 3
}

}  // namespace parley::shard
