// Answers to our requests: each finds the request that it belongs to by its id. An answer to
// nothing is ignored.
#include "shared/protocol/codec.hpp"
#include "shared/protocol/direct_room.hpp"
#include "wasm-client/state/step.hpp"

#include <algorithm>

namespace parley::state {
namespace {

constexpr std::uint64_t retry_ms_min = 250;  // whatever the server says
constexpr std::uint64_t retry_ms_default = 1'000;

using protocol::ok;

void answered(step& s, const protocol::subscribe& asked, const ok& answer) {
    room* r = find_room(s.model, asked.room);
    if (!r || r->subscribed != subscription::asked) return;
    const bool same_log = answer.epoch.value_or(0) == r->epoch && !answer.resync.value_or(false);
    if (!same_log) r->drop_copy();
    r->subscribed = subscription::live;
    r->epoch = answer.epoch.value_or(1);
    r->head = r->log.empty() ? answer.top.value_or(0) : std::max(r->head, answer.top.value_or(0));
    if (r->log.top() < r->head) r->streamed_until_ms = s.now_ms + stream_patience_ms;
}

void answered(step& s, const protocol::send& asked, const ok& answer) {
    unsent* message = s.model.unsent.find(asked.nonce);
    const room* r = find_room(s.model, asked.room);
    if (!message) return;
    s.out.push_back(store{storage_key(s.model.me, asked.nonce), ""});
    message->state = delivery::committed;
    message->seq = answer.seq.value_or(0);
    message->at_ms = answer.at.value_or(message->at_ms);
    const bool event_will_come =
        r && r->subscribed == subscription::live && r->log.top() < message->seq;
    if (!event_will_come) s.model.unsent.remove(asked.nonce);
}

void answered(step& s, const protocol::history& asked, const ok& answer) {
    room* r = find_room(s.model, asked.room);
    if (!r || r->log.empty()) return;
    const bool older = asked.before.has_value();
    if (answer.epoch && *answer.epoch != r->epoch) return start_over(s, asked.room);
    if (older) {
        r->loading_older = false;
        const bool progress = r->log.prepend(answer.events) > 0;
        if (asked.before == r->log.oldest() && !progress) r->nothing_older = true;
        return;
    }
    const std::uint64_t before = r->log.top();
    apply_events(s, asked.room, answer.events);
    r->filling_gap = false;
    if (r->log.top() == before)
        r->head = before;  // the head was wrong; asking again would bring the same
    fill_gap(s, asked.room);
}

void enter(step& s, const std::string& name, const std::string& title, const ok& answer) {
    room& r = s.model.rooms[name];
    r.joined = true;
    r.direct = protocol::other_in_direct_room(name, s.model.me).has_value();
    if (!title.empty()) r.title = title;
    if (r.epoch == 0) r.epoch = answer.epoch.value_or(0);
    r.head = std::max({r.head, answer.top.value_or(0), answer.seq.value_or(0)});
    r.read =
        std::max(r.read, answer.seq.value_or(0));  // what was said before one came is not unread
    s.model.shown = dialog::none;
    s.model.new_room = {};
    show_room(s, name);
}

void answered(step& s, const protocol::create_room& asked, const ok& answer) {
    enter(s, asked.room, asked.title.value_or(""), answer);
}

void answered(step& s, const protocol::join& asked, const ok& answer) {
    const auto& listed = s.model.browsed.rooms;
    const auto it = std::find_if(listed.begin(), listed.end(),
                                 [&](auto& room) { return room.room == asked.room; });
    enter(s, asked.room, it == listed.end() ? "" : it->title, answer);
}

void answered(step& s, const protocol::leave& asked, const ok&) { forget_room(s, asked.room); }

void answered(step& s, const protocol::list_rooms& asked, const ok& answer) {
    auto& rooms = s.model.browsed.rooms;
    if (asked.after != (rooms.empty() ? std::optional<std::string>{} : rooms.back().room))
        return;  // an older search
    rooms.insert(rooms.end(), answer.rooms.begin(), answer.rooms.end());
    const bool more =
        answer.more.value_or(false) && !answer.rooms.empty() && rooms.size() < directory_rooms_max;
    s.model.browsed.complete = !more;
    if (more) ask(s, protocol::list_rooms{.id = 0, .after = rooms.back().room});
}

void answered(step& s, const protocol::ping&, const ok&) { s.model.ping_sent = false; }

// hello, unsubscribe, typing, read: nothing to do.
template <class Request>
void answered(step&, const Request&, const ok&) {}

void refused(step& s, const protocol::send& asked, const protocol::error& error) {
    unsent* message = s.model.unsent.find(asked.nonce);
    if (!message) return;
    message->state = delivery::failed;
    message->problem = sentence(error.message);
    if (asked.room != s.model.open)
        tell(s, "A message in #" + asked.room + " was not sent: " + message->problem);
}

void refused(step& s, const protocol::subscribe& asked, const protocol::error& error) {
    const bool unknown = error.code == to_word(protocol::error_code::not_found);
    forget_room(s, asked.room);
    tell(s, unknown ? "#" + asked.room + " doesn't exist." : sentence(error.message));
}

void refused(step& s, const protocol::create_room& asked, const protocol::error& error) {
    if (protocol::is_direct_room(asked.room)) return note(s, sentence(error.message));
    new_room_form& form = s.model.new_room;
    form = {.busy = false, .problem = sentence(error.message), .existing = {}};
    if (error.code != to_word(protocol::error_code::conflict)) return;
    form.problem = "#" + asked.room + " exists already.";
    form.existing = asked.room;
}

void refused(step& s, const protocol::join&, const protocol::error& error) {
    if (s.model.shown == dialog::browse)
        s.model.browsed.problem = sentence(error.message);
    else
        note(s, sentence(error.message));
}

void refused(step& s, const protocol::history& asked, const protocol::error&) {
    room* r = find_room(s.model, asked.room);
    if (!r) return;
    (asked.before ? r->loading_older : r->filling_gap) = false;
    if (asked.before)
        r->nothing_older = true;
    else
        r->head = r->log.top();
}

void refused(step& s, const protocol::list_rooms&, const protocol::error& error) {
    s.model.browsed.complete = true;
    s.model.browsed.problem = sentence(error.message);
}

void refused(step& s, const protocol::hello&, const protocol::error&) {
    s.out.push_back(drop_connection{});
}
void refused(step& s, const protocol::ping&, const protocol::error&) { s.model.ping_sent = false; }
void refused(step&, const protocol::unsubscribe&, const protocol::error&) {}
void refused(step&, const protocol::read&, const protocol::error&) {}

template <class Request>
void refused(step& s, const Request&, const protocol::error& error) {
    note(s, sentence(error.message));
}

bool may_retry(const std::string& code) {
    const auto& all = protocol::error_meanings;
    return std::any_of(all.begin(), all.end(),
                       [&](auto& meaning) { return meaning.word == code && meaning.retry; });
}

void retry_later(step& s, const protocol::request& asked, std::uint64_t delay_ms) {
    const auto* send = std::get_if<protocol::send>(&asked);
    if (!send) return ask_later(s, asked, delay_ms);
    if (unsent* message = s.model.unsent.find(send->nonce)) message->state = delivery::waiting;
    s.model.send_pause_until_ms = s.now_ms + delay_ms;
}

}  // namespace

void on_ok(step& s, const protocol::ok& answer) {
    const auto asked = s.model.in_flight.extract(answer.id.value_or(0));
    if (asked)
        std::visit([&](const auto& request) { answered(s, request, answer); }, asked.mapped());
}

void on_error(step& s, const protocol::error& error) {
    const auto asked = s.model.in_flight.extract(error.id.value_or(0));
    if (!asked) return;
    const bool greeting = std::holds_alternative<protocol::hello>(asked.mapped());
    if (may_retry(error.code) && !greeting) {
        const auto delay_ms = std::clamp(error.retry_ms.value_or(retry_ms_default), retry_ms_min,
                                         protocol::limits::reconnect_max_ms);
        return retry_later(s, asked.mapped(), delay_ms);
    }
    std::visit([&](const auto& request) { refused(s, request, error); }, asked.mapped());
}

}  // namespace parley::state
