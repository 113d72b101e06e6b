// The rule of seq: top + 1 is applied, a lower one is a duplicate, a higher one shows a gap.
#include "wasm-client/state/room_log.hpp"

#include <algorithm>
#include <utility>

namespace parley::state {
namespace {

std::size_t text_bytes(const protocol::event& event) { return event.text ? event.text->size() : 0; }

}  // namespace

room_log::verdict room_log::apply(protocol::event next) {
    if (next.seq == 0 || (!empty() && next.seq <= top())) return verdict::duplicate;
    if (!empty() && next.seq != top() + 1) return verdict::gap;
    bytes_ += text_bytes(next);
    events_.push_back(std::move(next));
    if (events_.size() > log_events_max || bytes_ > log_bytes_max) forget_oldest();
    changed();
    return verdict::applied;
}

std::size_t room_log::prepend(std::vector<protocol::event> page) {
    std::size_t taken = 0;
    while (!empty() && !page.empty() && !full() && oldest() > 1 &&
           page.back().seq == oldest() - 1) {
        bytes_ += text_bytes(page.back());
        events_.push_front(std::move(page.back()));
        page.pop_back();
        ++taken;
    }
    changed();
    return taken;
}

void room_log::forget_oldest() {
    const std::size_t count = std::min(forgotten_at_once, events_.size() / 2);
    for (std::size_t i = 0; i < count; ++i) {
        bytes_ -= text_bytes(events_.front());
        events_.pop_front();
    }
}

void room_log::check_invariants() const {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < events_.size(); ++i) {
        ensure(events_[i].seq > 0 && events_[i].seq == events_.front().seq + i);
        bytes += text_bytes(events_[i]);
    }
    ensure(bytes == bytes_);
    ensure(events_.size() <= log_events_max);
    ensure(bytes_ <= log_bytes_max + protocol::limits::text_bytes_max);  // the last one may exceed
}

}  // namespace parley::state
