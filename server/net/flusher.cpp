// Two lists: of this turn and of the next mark. An outbox is in at most one of them, and knows its
// place.
#include "server/net/flusher.hpp"

#include "server/net/outbox.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace parley::net {
namespace {

// As in chat/room: what comes up is asked for in time.
constexpr std::size_t fetched_ahead = 3;

// Waiting for less costs more than a second telling.
constexpr auto worth_holding = std::chrono::milliseconds(1);

// What a telling of fewer took says little about each of many.
constexpr std::size_t measured_members_min = 100;

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

void flusher::rooms_owe(std::size_t members) {
    owed_ += members;
    wake();
}

void flusher::wake() {
    if (!std::exchange(awake_, true))
        boost::asio::post(mark_timer_.get_executor(), [this] { flush_turn(); });
}

void flusher::forget(outbox& box) {
    if (box.list_) (*box.list_)[box.slot_] = nullptr;
    box.list_ = nullptr;
}

void flusher::flush_turn() {
    now_ = clock::now();
    spacing_now_ = spacing_;
    const bool rooms_wait = !holds() && tell();
    flush_due();
    note_telling();
    if (rooms_wait || !mark_.empty()) arm_mark();
    awake_ = false;
}

bool flusher::holds() {
    if (!holding_) return begins_to_hold();
    if (messages_.answered >= held_for_ || now_ >= held_until_) end_hold();
    return holding_;
}

bool flusher::begins_to_hold() {
    const clock::duration patience =
        std::min(per_member_ * static_cast<clock::rep>(owed_) / 2, hold_max_);
    if (patience < worth_holding || messages_.asked == messages_.answered) return false;
    held_for_ = messages_.asked;
    held_until_ = now_ + patience;
    hold_timer_.expires_at(held_until_);
    hold_timer_.async_wait([this](boost::system::error_code error) {
        if (!error) wake();
    });
    return holding_ = true;
}

void flusher::end_hold() {
    if (std::exchange(holding_, false)) hold_timer_.cancel();
}

// By index: an outbox that has drained may cause more to be written, which then leaves in this turn
// too.
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
            mark_from_ = std::max(mark_from_, *box->written_at());  // never: it was due
        }
    }
    turn_.clear();
}

// Once for all that wait, also for what comes until then.
void flusher::arm_mark() {
    if (std::exchange(armed_, true)) return;
    mark_timer_.expires_at(mark_from_ + spacing_);
    mark_timer_.async_wait([this](boost::system::error_code error) {
        if (!error) flush_mark();
    });
}

void flusher::flush_mark() {
    armed_ = false;
    end_hold();
    now_ = mark_from_ = clock::now();
    spacing_now_ = {};
    tell();
    flush(mark_);
    flush(turn_);
    note_telling();
}

// True: some wait for the mark.
bool flusher::tell() {
    owed_ = 0;
    flush_prompt();
    const chat::told rooms = tell_(now_, spacing_now_);
    told_now_ = rooms.members;
    return rooms.others_wait;
}

void flusher::note_telling() {
    const std::size_t members = std::exchange(told_now_, 0);
    if (members == 0) return;
    const clock::duration took = clock::now() - now_;
    per_member_ = took / static_cast<clock::rep>(std::max(members, measured_members_min));
    mark_from_ = now_ + took / 2;
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
