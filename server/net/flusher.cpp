// Two lists: of this turn and of the next mark. An outbox is in at most one of them, and knows its place.
#include "server/net/flusher.hpp"

#include "server/net/outbox.hpp"

#include <boost/asio/post.hpp>

namespace parley::net {
namespace {

// As in chat/room: what comes up is asked for in time.
constexpr std::size_t fetched_ahead = 3;

// Below this, waiting costs more than a second telling.
constexpr auto worth_holding = std::chrono::milliseconds(1);

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
    if (box.list_ == &mark_ && !prompt) return;
    if (box.list_ != &turn_) {
        forget(box);
        add(turn_, box);
    }
    wake();
}

void flusher::rooms_owe() {
    owing_ = true;
    wake();
}

void flusher::wake() {
    if (!std::exchange(awake_, true)) boost::asio::post(mark_timer_.get_executor(), [this] { flush_turn(); });
}

void flusher::forget(outbox& box) {
    if (box.list_) (*box.list_)[box.slot_] = nullptr;
    box.list_ = nullptr;
}

void flusher::flush_turn() {
    now_ = clock::now();
    if (holds()) {
        flush_prompt();
    } else {
        const bool others_wait = tell(spacing_);
        flush_due();
        note_telling();
        if (others_wait) arm_mark(told_);
    }
    awake_ = false;
}

bool flusher::holds() {
    if (!holding_) return begins_to_hold();
    holding_ = commands_.answered < held_for_ && now_ < held_until_;
    if (!holding_) hold_timer_.cancel();
    return holding_;
}

bool flusher::begins_to_hold() {
    if (!owing_ || took_ < worth_holding || commands_.asked == commands_.answered) return false;
    held_for_ = commands_.asked;
    held_until_ = now_ + took_ / 2;
    hold_timer_.expires_at(held_until_);
    hold_timer_.async_wait([this](boost::system::error_code error) {
        if (!error) wake();
    });
    return holding_ = true;
}

// By index: an outbox that has drained may cause more to be written, which then leaves in this turn too.
void flusher::flush_due() {
    for (std::size_t i = 0; i < turn_.size(); ++i) {
        prefetch(turn_, i);
        outbox* const box = turn_[i];
        if (!box) continue;
        if (box->prompt_ || is_due(box->written_at())) {
            flush(*box);
        } else {
            forget(*box);
            add(mark_, *box);
            arm_mark(box->written_at());
        }
    }
    turn_.clear();
}

void flusher::arm_mark(clock::time_point written) {
    if (std::exchange(armed_, true)) return;
    mark_timer_.expires_at(written + spacing_);
    mark_timer_.async_wait([this](boost::system::error_code error) {
        if (!error) flush_mark();
    });
}

void flusher::flush_mark() {
    armed_ = holding_ = false;
    now_ = clock::now();
    tell(clock::duration::zero());
    flush(mark_);
    flush(turn_);
    note_telling();
}

bool flusher::tell(clock::duration spacing) {
    spacing_now_ = spacing;
    owing_ = false;
    flush_prompt();
    const chat::told rooms = tell_(now_, spacing);
    tells_now_ = rooms.some;
    return rooms.others_wait;
}

void flusher::note_telling() {
    if (!tells_now_) return;
    took_ = clock::now() - now_;
    told_ = now_ + took_ / 2;
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
