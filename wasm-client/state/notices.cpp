// The notices of the server. One that cannot be decoded is ignored: a newer server may have more of
// them.
#include "shared/protocol/codec.hpp"
#include "wasm-client/state/reading.hpp"
#include "wasm-client/state/step.hpp"

#include <algorithm>

namespace parley::state {
namespace {

void stops_typing(room& r, const std::string& user) {
    std::erase_if(r.typing, [&](const typist& typist) { return typist.user == user; });
}

// The event is in the copy now. The "New" line stands before the first news that was not seen.
void note_arrival(step& s, const std::string& name, room& r, const protocol::event& event) {
    const auto* const created = protocol::as<protocol::created>(event);
    if (created && !r.joined && !r.direct) r.title = created->title;
    const bool had_news = r.unread() > 0;
    count_event(r, event, s.model.me);
    if (!had_news && r.unread() > 0 && !is_seen(s.model, name)) r.new_after = r.reading.seq;
    if (event.author != s.model.me) return stops_typing(r, event.author);
    if (!event.nonce || !s.model.unsent.find(*event.nonce)) return;
    resolve_unsent(s, *event.nonce, event.seq);
    erase_unsent(s, *event.nonce);
}

void on(step& s, const protocol::events& run) {
    room* r = find_room(s.model, run.room);
    if (!r || r->subscribed != subscription::live) return;
    if (!r->log.empty() && run.epoch != r->epoch) return start_over(s, run.room);
    r->epoch = run.epoch;
    if (r->streamed_until_ms != 0) r->streamed_until_ms = s.now_ms + stream_patience_ms;
    apply_events(s, run.room, run.events);
}

// The newest page takes the place of the whole copy.
void on(step& s, const protocol::page& page) {
    room* r = find_room(s.model, page.room);
    if (!r || r->subscribed != subscription::live) return;
    r->drop_copy();
    r->streamed_until_ms = s.now_ms + stream_patience_ms;  // what was committed since comes too
    r->epoch = page.epoch;
    take_page(s, page.room,
              {.from = page.from, .to = page.to, .top = page.to, .entries = page.events});
}

void on(step& s, const protocol::head& head) {
    room* r = find_room(s.model, head.room);
    if (!r) return;
    if (r->subscribed == subscription::live && !r->log.empty() && r->epoch != head.epoch)
        return start_over(s, head.room);
    r->head = r->epoch == head.epoch ? std::max(r->head, head.top) : head.top;
    r->epoch = head.epoch;
    note_said(s, *r, head.said, head.shrunk.value_or(0));
    r->streamed_until_ms = 0;  // a slow reader gets the head and no events after it
    fill_gap(s, head.room);
}

void on_record(step& s, const protocol::person& notice, const protocol::membership& record) {
    const auto summary = std::find_if(notice.rooms.begin(), notice.rooms.end(),
                                      [&](const auto& one) { return one.room == record.room; });
    if (!record.on) return drop_membership(s, record.room);
    if (summary != notice.rooms.end()) take_summary(s, *summary);
}

// A mark of this page that is not yet confirmed comes after the one in the record.
void on_record(step& s, const protocol::person& notice, const protocol::read_mark& record) {
    room* r = find_room(s.model, record.room);
    if (r) r->reading.marked_at = notice.seq;
    if (r) r->head = std::max(r->head, record.seq);  // a mark is not beyond it
    if (!r || r->reading.mark_in_flight) return;
    const bool was_ahead = r->reading.is_ahead();
    r->reading.confirmed = record.seq;
    if (was_ahead && record.seq <= r->reading.seq) return;
    // The same mark again: something of one's own was said, and there is more that is unread.
    if (record.seq == r->reading.seq) {
        r->reading.uncertain = true;
        ++r->reading.own_unheard;
    }
    move_mark(*r, record.seq, record.said, s.model.me);
    count_in_copy(*r, s.model.me);
    if (r->reading.uncertain) ask_counts_soon(s, *r);
}

// Whether a change says that the room came or went. Otherwise the notice has the whole list.
bool has_membership(const protocol::person& notice, const std::string& room) {
    return std::any_of(notice.changes.begin(), notice.changes.end(), [&](const auto& change) {
        const auto* const one = std::get_if<protocol::membership>(&change.body);
        return one && one->room == room;
    });
}

// Other records change nothing in the rooms.
template <class Other>
void on_record(step&, const protocol::person&, const Other&) {}

void on(step& s, const protocol::person& notice) {
    const bool anew = notice.anew.value_or(false);
    if (!anew && s.model.personal.is_older(notice.seq)) return;
    take_records(s, notice.seq, anew, notice.changes);
    for (const protocol::room_summary& room : notice.rooms)
        if (!has_membership(notice, room.room)) take_summary(s, room);
    for (const protocol::personal_record& change : notice.changes)
        std::visit([&](const auto& record) { on_record(s, notice, record); }, change.body);
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
    for (protocol::event event : events) {
        name_own_reactions(event, s.model.me);
        r->head = std::max(r->head, event.seq);
        const auto verdict = r->log.apply(event);
        if (verdict == room_log::verdict::applied) note_arrival(s, name, *r, event);
        if (verdict == room_log::verdict::gap) r->streamed_until_ms = 0;
    }
    count_in_copy(*r, s.model.me);
    if (r->reading.uncertain) ask_counts_soon(s, *r);
    s.model.unsent.shown_until(name, r->log.top());
    fill_gap(s, name);
}

}  // namespace parley::state
