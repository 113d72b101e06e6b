// The bound is enforced in a turn of its own: where an outbox grows, rooms may be in the middle of
// their members.
#include "server/net/unread.hpp"

#include "server/net/outbox.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace parley::net {
namespace {

// Giving back less is not worth looking through the heap for.
constexpr std::size_t relief_bytes_min = 8 << 20;

}  // namespace

void unread_outboxes::list(outbox& box, bool progress) {
    entry& its = box.unread_;
    if (!its.list) {
        its.list = &full_;
        its.at = full_.insert(full_.end(), &box);
    } else if (progress) {
        its.list->splice(its.list->end(), *its.list, its.at);
    }
    count(box);
}

void unread_outboxes::count(outbox& box) {
    if (!box.unread_.list) return;
    bytes_ += box.queued_bytes() - box.unread_.bytes;
    box.unread_.bytes = box.queued_bytes();
    show();
    if (bytes_ > bytes_max_) enforce_soon();
}

void unread_outboxes::unlist(outbox& box) {
    entry& its = box.unread_;
    if (!its.list) return;
    bytes_ -= its.bytes;
    its.list->erase(its.at);
    its = {};
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
    outbox& box = *full_.front();
    behind_.splice(behind_.end(), full_, full_.begin());
    box.unread_.list = &behind_;
    box.fall_behind();
    count(box);
}

void unread_outboxes::disconnect_first() {
    outbox& box = *behind_.front();
    unlist(box);
    box.disconnect();
}

}  // namespace parley::net
