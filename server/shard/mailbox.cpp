// The loop is woken once for a batch.
#include "server/shard/mailbox.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace parley::shard {

void mailbox::post(letter what) {
    std::unique_lock lock(mutex_);
    if (!put(std::move(what))) return;
    lock.unlock();
    wake();
}

bool mailbox::offer(letter what) {
    std::unique_lock lock(mutex_);
    if (offers_ >= offers_max_) {
        refused_ = true;  // for those that wait the loop wakes
        return false;
    }
    ++offers_;
    if (!put(std::move(what))) return true;
    lock.unlock();
    wake();
    return true;
}

void mailbox::begin_batch() {
    const std::lock_guard lock(mutex_);
    ++batches_;
}

void mailbox::end_batch() {
    std::unique_lock lock(mutex_);
    --batches_;
    if (!must_wake()) return;
    lock.unlock();
    wake();
}

// True: the loop is to be woken, without the lock. REQUIRES: the lock.
bool mailbox::put(letter what) {
    if (closed_) return false;
    letters_.push_back(std::move(what));
    return must_wake();
}

// REQUIRES: the lock.
bool mailbox::must_wake() {
    if (batches_ > 0 || letters_.empty()) return false;
    return !std::exchange(awake_, true);
}

void mailbox::wake() {
    const std::lock_guard lock(waking_);
    if (!closed_) boost::asio::post(loop_, [this] { drain(); });
}

void mailbox::drain() {
    std::vector<letter> batch;
    bool refused = false;
    {
        const std::lock_guard lock(mutex_);
        awake_ = false;
        if (batches_ > 0) return;  // whoever lets go wakes it again
        batch.swap(letters_);
        offers_ = 0;
        refused = std::exchange(refused_, false);
    }
    for (letter& one : batch) one();
    if (refused && when_refused_) when_refused_();
}

std::size_t mailbox::waiting() const {
    const std::lock_guard lock(mutex_);
    return letters_.size();
}

void mailbox::close() {
    std::vector<letter> batch;
    const std::scoped_lock lock(waking_, mutex_);
    closed_ = true;
    batch.swap(letters_);
}

}  // namespace parley::shard
