// Loops go by index: an outbox that has drained may cause more to be written, which then leaves in
// this turn too.
#include "server/net/flusher.hpp"

#include "shared/ensure.hpp"

#include <cstddef>

namespace parley::net {
namespace {

// As in chat/room: the outboxes that come next are fetched in time.
constexpr std::size_t fetched_ahead = 3;

void prefetch(const std::vector<listed_outbox*>& list, std::size_t now) {
    const auto at = [&](std::size_t i) { return i < list.size() ? list[i] : nullptr; };
    if (const listed_outbox* later = at(now + 2 * fetched_ahead)) later->prefetch();
    if (const listed_outbox* soon = at(now + fetched_ahead)) soon->prefetch_queue();
}

}  // namespace

void flusher::add(list& to, listed_outbox& box) {
    box.list_ = &to;
    box.slot_ = static_cast<std::uint32_t>(to.size());
    to.push_back(&box);
}

bool flusher::enlist(listed_outbox& box, bool prompt) {
    box.prompt_ = box.prompt_ || prompt;
    if (box.list_ == &turn_ || (box.list_ == &deferred_ && !prompt)) return false;
    forget(box);
    add(turn_, box);
    return true;
}

void flusher::forget(listed_outbox& box) {
    if (!box.list_) return;
    list& from = *box.list_;
    ensure(box.slot_ < from.size() && from[box.slot_] == &box);
    from[box.slot_] = nullptr;
    box.list_ = nullptr;
}

void flusher::flush_prompt(base::time_us now) {
    for (std::size_t i = 0; i < turn_.size(); ++i)
        if (listed_outbox* const box = turn_[i]; box && box->prompt_) flush(*box, now);
}

void flusher::flush_due(write_schedule& schedule) {
    for (std::size_t i = 0; i < turn_.size(); ++i) {
        prefetch(turn_, i);
        listed_outbox* const box = turn_[i];
        if (!box) continue;
        if (box->prompt_ || schedule.is_due(box->written_at())) {
            flush(*box, schedule.now());
        } else {
            forget(*box);
            add(deferred_, *box);
            schedule.defer(*box->written_at());  // one that never wrote was due
        }
    }
    turn_.clear();
}

void flusher::flush_all(base::time_us now) {
    flush(deferred_, now);
    flush(turn_, now);
}

void flusher::flush(list& boxes, base::time_us now) {
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        prefetch(boxes, i);
        if (listed_outbox* const box = boxes[i]) flush(*box, now);
    }
    boxes.clear();
}

void flusher::flush(listed_outbox& box, base::time_us now) {
    forget(box);
    box.flush(now);
}

}  // namespace parley::net
