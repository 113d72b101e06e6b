// The bound is enforced in a turn of its own: where an outbox grows, rooms may be in the middle of
// their members.
#include "server/net/unread.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace parley::net {
namespace {

// Giving back less is not worth a walk through the heap.
constexpr std::size_t relief_bytes_min = 8 << 20;

}  // namespace

void unread_outboxes::list(listed_outbox& box, bool progress) {
    if (!box.unread_list_) {
        box.unread_list_ = &full_;
        box.unread_at_ = full_.insert(full_.end(), &box);
    } else if (progress) {
        box.unread_list_->splice(box.unread_list_->end(), *box.unread_list_, box.unread_at_);
    }
    count(box);
}

void unread_outboxes::count(listed_outbox& box) {
    if (!box.unread_list_) return;
    bytes_ += box.queued_bytes() - box.unread_bytes_;
    box.unread_bytes_ = box.queued_bytes();
    show();
    if (bytes_ > bytes_max_) enforce_soon();
}

void unread_outboxes::unlist(listed_outbox& box) {
    if (!box.unread_list_) return;
    bytes_ -= std::exchange(box.unread_bytes_, 0);
    std::exchange(box.unread_list_, nullptr)->erase(box.unread_at_);
    show();
}

void unread_outboxes::show() {
    peak_ = std::max(peak_, bytes_);
    shown_bytes_.set(bytes_);
}

bool unread_outboxes::take_relief() {
    if (peak_ - bytes_ < relief_bytes_min) return false;
    peak_ = bytes_;
    return true;
}

void unread_outboxes::enforce_soon() {
    if (std::exchange(enforcing_, true)) return;
    boost::asio::post(loop_, [this] { enforce(); });
}

void unread_outboxes::enforce() {
    while (bytes_ > bytes_max_) {
        if (!full_.empty())
            fall_behind_first();
        else
            disconnect_first();
    }
    enforcing_ = false;
}

void unread_outboxes::fall_behind_first() {
    listed_outbox& box = *full_.front();
    behind_.splice(behind_.end(), full_, full_.begin());
    box.unread_list_ = &behind_;
    counters_.overdue.add();
    box.fall_behind();
    count(box);
}

void unread_outboxes::disconnect_first() {
    listed_outbox& box = *behind_.front();
    unlist(box);
    counters_.disconnected.add();
    box.disconnect();
}

}  // namespace parley::net
