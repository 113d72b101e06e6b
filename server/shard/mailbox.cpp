// The loop is woken once for a batch: by the letter that finds the box empty.
#include "server/shard/mailbox.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace parley::shard {

void mailbox::post(letter what) {
    const std::lock_guard lock(mutex_);
    put(std::move(what));
}

bool mailbox::offer(letter what) {
    const std::lock_guard lock(mutex_);
    if (offers_ >= offers_max_) {
        refused_ = true;  // the offers that wait have woken the loop
        return false;
    }
    ++offers_;
    put(std::move(what));
    return true;
}

void mailbox::put(letter what) {
    if (closed_) return;
    letters_.push_back(std::move(what));
    // Inside the lock, so that no loop is woken after close().
    if (letters_.size() == 1) boost::asio::post(loop_, [this] { drain(); });
}

void mailbox::drain() {
    std::vector<letter> batch;
    bool refused = false;
    {
        const std::lock_guard lock(mutex_);
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
    const std::lock_guard lock(mutex_);
    closed_ = true;
    batch.swap(letters_);
}

}  // namespace parley::shard
