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
    if (tell(spacing_)) arm_mark();
    // By index: an outbox that has drained may cause more to be written, which then leaves in this turn too.
    for (std::size_t i = 0; i < turn_.size(); ++i) {
        prefetch(turn_, i);
        outbox* const box = turn_[i];
        if (!box) continue;
        if (box->prompt_ || is_due(box->written_at())) {
            flush(*box);
        } else {
            forget(*box);
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
    armed_ = false;
    tell(clock::duration::zero());
    flush(mark_);
    flush(turn_);
}

bool flusher::tell(clock::duration spacing) {
    now_ = clock::now();
    spacing_now_ = spacing;
    flush_prompt();
    return tell_(now_, spacing);
}

void flusher::flush_prompt() {
    for (std::size_t i = 0; i < turn_.size(); ++i)
        if (outbox* const box = turn_[i]; box && box->prompt_) flush(*box);
}

void flusher::flush(std::vector<outbox*>& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        prefetch(list, i);
        if (outbox* const box = list[i]) flush(*box);
    }
    list.clear();
}

void flusher::flush(outbox& box) {
    forget(box);
    box.flush(now_);
}

}  // namespace parley::net
