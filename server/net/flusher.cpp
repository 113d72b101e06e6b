// Two lists: of this turn and of the next mark. An outbox is in at most one of them, and knows its place.
#include "server/net/flusher.hpp"

#include "server/net/outbox.hpp"

#include <boost/asio/post.hpp>

namespace parley::net {
namespace {

// As in chat/room: what comes up is asked for in time.
constexpr std::size_t fetched_ahead = 3;

void prefetch(const std::vector<outbox*>& list, std::size_t now) {
    const auto at = [&](std::size_t i) { return i < list.size() ? list[i] : nullptr; };
    if (const outbox* later = at(now + 2 * fetched_ahead)) later->prefetch();
    if (const outbox* soon = at(now + fetched_ahead)) soon->prefetch_queue();
}

}  // namespace

void flusher::add(std::vector<outbox*>& list, outbox& box) {
    box.list_ = &list;
    box.slot_ = static_cast<std::uint32_t>(list.size());
    list.push_back(&box);
}

void flusher::enlist(outbox& box, bool prompt) {
    box.prompt_ = box.prompt_ || prompt;
    if (box.list_ == &turn_ || (box.list_ == &mark_ && !prompt)) return;
    forget(box);
    add(turn_, box);
    wake();
}

void flusher::wake() {
    if (!std::exchange(awake_, true)) boost::asio::post(timer_.get_executor(), [this] { flush_turn(); });
}

void flusher::forget(outbox& box) {
    if (box.list_) (*box.list_)[box.slot_] = nullptr;
    box.list_ = nullptr;
}

void flusher::flush_turn() {
    const auto now = clock::now();
    if (tell_(now, spacing_)) arm_mark();
    // By index: an outbox that has drained may cause more to be written, which then leaves in this turn too.
    for (std::size_t i = 0; i < turn_.size(); ++i) {
        prefetch(turn_, i);
        outbox* const box = turn_[i];
        if (!box) continue;
        forget(*box);
        if (box->prompt_ || now - box->written_at() >= spacing_) {
            box->flush(now);
        } else {
            add(mark_, *box);
            arm_mark();
        }
    }
    turn_.clear();
    awake_ = false;
}

void flusher::arm_mark() {
    if (std::exchange(armed_, true)) return;
    timer_.expires_after(spacing_);
    timer_.async_wait([this](boost::system::error_code error) {
        if (!error) flush_mark();
    });
}

void flusher::flush_mark() {
    const auto now = clock::now();
    armed_ = false;
    tell_(now, clock::duration::zero());
    flush(mark_, now);
    flush(turn_, now);
}

void flusher::flush(std::vector<outbox*>& list, clock::time_point now) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        prefetch(list, i);
        outbox* const box = list[i];
        if (!box) continue;
        forget(*box);
        box->flush(now);
    }
    list.clear();
}

}  // namespace parley::net
