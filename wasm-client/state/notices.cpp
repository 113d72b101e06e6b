// The notices of the server. One that cannot be decoded is ignored: a newer server may have more of
// them.
#include "shared/protocol/codec.hpp"
#include "shared/protocol/direct_room.hpp"
#include "wasm-client/state/step.hpp"

#include <algorithm>

namespace parley::state {
namespace {

void stops_typing(room& r, const std::string& user) {
    std::erase_if(r.typing, [&](const typist& typist) { return typist.user == user; });
}

// An event of this person, from this tab or another one. Messages before a join are not unread.
void note_own(step& s, room& r, const protocol::event& event) {
    using namespace protocol::event_kind;
    if (event.kind == joined) r.read = std::max(r.read, event.seq);
    if (event.kind == joined || event.kind == left) r.joined = event.kind == joined;
    if (r.read + 1 == event.seq) r.read = event.seq;
    if (event.nonce && s.model.unsent.find(*event.nonce)) erase_unsent(s, *event.nonce);
}

// Sets the "New" line before the first message that this person did not see.
void note_arrival(step& s, const std::string& name, room& r, const protocol::event& event) {
    if (event.kind == protocol::event_kind::created && event.text) r.title = *event.text;
    if (event.author == s.model.me) return note_own(s, r, event);
    stops_typing(r, event.author);
    r.read_past_notes();
    if (r.read + 1 == event.seq && r.joined && !is_seen(s.model, name)) r.new_after = r.read;
}

void on(step& s, const protocol::events& page) {
    room* r = find_room(s.model, page.room);
    if (!r || r->subscribed != subscription::live) return;
    if (!r->log.empty() && page.epoch != r->epoch) return start_over(s, page.room);
    r->epoch = page.epoch;
    if (r->streamed_until_ms != 0) r->streamed_until_ms = s.now_ms + stream_patience_ms;
    apply_events(s, page.room, page.events);
}

// A room that is new to this page: somebody opened a direct room with this person, or another tab
// joined one.
room& add_room(step& s, const protocol::head& head) {
    room& r = s.model.rooms[head.room];
    r.joined = true;
    r.direct = protocol::other_in_direct_room(head.room, s.model.me).has_value();
    r.title = head.room;
    r.epoch = head.epoch;
    return r;
}

void on(step& s, const protocol::head& head) {
    room* r = find_room(s.model, head.room);
    if (!r && s.model.rooms.size() >= protocol::limits::joined_rooms_max) return;
    if (!r) r = &add_room(s, head);
    if (r->subscribed == subscription::live && !r->log.empty() && r->epoch != head.epoch)
        return start_over(s, head.room);
    r->head = r->epoch == head.epoch ? std::max(r->head, head.top) : head.top;
    r->epoch = head.epoch;
    r->streamed_until_ms = 0;  // a slow reader gets the head and no events after it
    fill_gap(s, head.room);
}

void on(step& s, const protocol::typing_sign& sign) {
    room* r = find_room(s.model, sign.room);
    if (!r || sign.user == s.model.me) return;
    stops_typing(*r, sign.user);
    if (sign.active && r->typing.size() < typists_max)
        r->typing.push_back({sign.user, s.now_ms + protocol::limits::typing_expiry_ms});
}

void on(step& s, const protocol::presence& picture) {
    room* r = find_room(s.model, picture.room);
    if (!r) return;
    r->online = std::max<std::uint64_t>(picture.online, picture.users.size());
    r->present = picture.users;
}

void on(step& s, const protocol::bye& bye) { s.model.come_back_after_ms = bye.retry_ms; }
void on(step& s, const protocol::welcome& welcome) { on_welcome(s, welcome); }
void on(step& s, const protocol::ok& answer) { on_ok(s, answer); }
void on(step& s, const protocol::error& answer) { on_error(s, answer); }

}  // namespace

void on_notice(step& s, std::string_view frame) {
    const auto read = protocol::decode_notice(frame);
    if (const auto* notice = std::get_if<protocol::notice>(&read))
        std::visit([&](const auto& message) { on(s, message); }, *notice);
}

void apply_events(step& s, const std::string& name, const std::vector<protocol::event>& events) {
    room* r = find_room(s.model, name);
    if (!r) return;
    for (const protocol::event& event : events) {
        r->head = std::max(r->head, event.seq);
        const auto verdict = r->log.apply(event);
        if (verdict == room_log::verdict::applied) note_arrival(s, name, *r, event);
        if (verdict == room_log::verdict::gap) r->streamed_until_ms = 0;
    }
    s.model.unsent.shown_until(name, r->log.top());
    fill_gap(s, name);
}

}  // namespace parley::state
