// See the invariants in the header.
#include "server/chat/subscription.hpp"

#include "server/chat/participant.hpp"
#include "server/chat/room.hpp"
#include "shared/ensure.hpp"

#include <algorithm>
#include <utility>

namespace parley::chat {

subscription::subscription(room& place, participant& owner)
    : outlet_(owner.far_end().outlet()), place_(place), reads_(owner.reads()), owner_(owner) {}

void subscription::begin_reading(std::uint32_t number) {
    place_.change_phase(*this, phase::catching_up);
    reading_ = number;
}

void subscription::start_at(std::uint64_t cursor) {
    ensure(phase_ == phase::catching_up && held_.empty());
    place_.saw(place_.epoch(), cursor, 0);
    cursor_ = cursor;
}

void subscription::offer(const broadcast& whole, run_list parts, urgency when) {
    if (phase_ == phase::live && whole.first == cursor_ + 1) return pass_on(whole, when);
    for (const auto& run : parts) offer(run, urgency::deferrable);
}

void subscription::offer_promptly(run_list parts) {
    for (const auto& run : parts) offer(run, urgency::prompt);
}

void subscription::offer(const std::shared_ptr<const broadcast>& run, urgency when) {
    if (phase_ == phase::live) return pass_on(*run, when);
    // What does not fit is read again: settle() sees that the room is further than the cursor.
    if (phase_ == phase::catching_up && held_.size() < held_max) held_.push_back(run);
}

void subscription::pass_on(const broadcast& run, urgency when) {
    if (run.last <= cursor_) return;
    ensure(run.first <= cursor_ + 1);
    const wire::shared_frame& frame = run.frame_for(reads_);
    if (frame && !outlet_.offer(frame, when)) return fall_behind();
    place_.count_deliveries(run.last - cursor_);
    cursor_ = run.last;
}

bool subscription::settle(std::uint64_t cursor) {
    cursor_ = cursor;
    catch_up(std::exchange(held_, {}));
    catch_up(place_.owed());
    if (phase_ != phase::catching_up) return true;  // fell behind on the way
    if (cursor_ < place_.top()) return false;
    place_.change_phase(*this, phase::live);
    if constexpr (invariants_are_checked) check_invariants();
    return true;
}

// A run that the page has cut, or that lies behind a gap, is read again.
void subscription::catch_up(run_list runs) {
    for (const auto& run : runs) {
        if (run->last <= cursor_) continue;
        if (run->first != cursor_ + 1) break;
        pass_on(*run, urgency::deferrable);
    }
}

void subscription::go_live_at(std::uint64_t top) {
    held_ = {};
    cursor_ = std::max(cursor_, top);
    place_.change_phase(*this, phase::live);
    if constexpr (invariants_are_checked) check_invariants();
}

void subscription::fall_behind() {
    held_.clear();
    place_.change_phase(*this, phase::behind);
}

void subscription::watch(std::uint64_t told) {
    held_ = {};
    admitted_ = false;
    reading_ = no_reading;
    cursor_ = told;
    place_.change_phase(*this, phase::watching);
    if constexpr (invariants_are_checked) check_invariants();
}

void subscription::check_invariants() const {
    ensure(cursor_ <= place_.top());  // 1
    if (phase_ == phase::live)
        ensure(place_.runs().begun() && cursor_ + 1 >= place_.next_offered() &&
               held_.empty());                                           // 2
    if (phase_ == phase::catching_up) ensure(held_.size() <= held_max);  // 3
    if (phase_ == phase::behind) ensure(held_.empty());                  // 4
    if (phase_ == phase::watching) ensure(held_.empty() && !admitted_);  // 5
}

}  // namespace parley::chat
