// Entering and leaving rooms, the same for every kind of connection.
#include "server/chat/participant.hpp"

#include "server/chat/hub.hpp"

#include <algorithm>

namespace parley::chat {

participant::participant(hub& owner, identity who, peer& far_end, frame_kind reads)
    : hub_(owner), who_(std::move(who)), far_end_(far_end), reads_(reads) {
    hub_.add(*this);
}

participant::~participant() {
    while (!subscriptions_.empty()) leave(*subscriptions_.back());
    hub_.remove(*this);
}

bool participant::is_behind() const {
    return far_end_.is_full() || far_end_.queued_bytes() > hub_.settings().outbox_bytes_max;
}

bool participant::takes_ephemeral() const {
    return !far_end_.is_full() &&
           far_end_.queued_bytes() <= hub_.settings().outbox_bytes_max / ephemeral_share;
}

subscription* participant::find(std::string_view room) {
    for (const auto& one : subscriptions_)
        if (one->place().name() == room) return one.get();
    return nullptr;
}

subscription& participant::enter(const std::string& room) {
    if (subscription* there = find(room)) return *there;
    auto& place = hub_.room_named(room);
    subscriptions_.push_back(std::make_unique<subscription>(place, *this));
    place.add(*subscriptions_.back());
    return *subscriptions_.back();
}

void participant::leave(subscription& where) {
    room& place = where.place();
    if (where.subscribed()) hub_.presence_changed(place);
    place.remove(where);
    std::erase_if(subscriptions_, [&](const auto& one) { return one.get() == &where; });
    hub_.forget_if_empty(place);
}

std::size_t participant::subscribed_rooms() const {
    return static_cast<std::size_t>(
        std::count_if(subscriptions_.begin(), subscriptions_.end(),
                      [](const auto& one) { return one->subscribed(); }));
}

std::uint32_t participant::begin_reading(subscription& where) {
    where.begin_reading(++readings_);
    return readings_;
}

// It has said something there, which is on its way.
void participant::hear_soon(std::string_view room) {
    if (subscription* there = find(room); there && there->subscribed())
        there->place().hurry(*there);
}

void participant::put_on_list(const protocol::room_summary& known) {
    subscription& there = enter(known.room);
    there.set_joined(true);
    there.place().saw(known.epoch, known.top, known.said, known.shrunk.value_or(0));
    if (!there.subscribed()) there.watch(known.top);
    if (there.cursor() < there.place().top()) hub_.head_changed(there.place());
}

void participant::take_off_list(const std::string& room) {
    subscription* const there = find(room);
    if (!there) return;
    there->set_joined(false);
    if (!there->subscribed()) leave(*there);
}

}  // namespace parley::chat
