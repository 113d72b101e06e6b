// Answers to our requests. The id of an answer gives its request; an answer without one is ignored.
#include "shared/protocol/codec.hpp"
#include "wasm-client/state/reading.hpp"
#include "wasm-client/state/step.hpp"

#include <algorithm>

namespace parley::state {
namespace {

constexpr std::uint64_t retry_ms_min = 250;  // whatever the server says
constexpr std::uint64_t retry_ms_default = 1'000;

using protocol::ok;

// Nothing, when an answer lacks its list.
template <class T>
const std::vector<T>& listed(const std::optional<std::vector<T>>& list) {
    static const std::vector<T> none;
    return list ? *list : none;
}

void answered(step& s, const protocol::subscribe& request, const ok& answer) {
    room* r = find_room(s.model, request.room);
    if (!r || r->subscribed != subscription::requested || request.id != r->subscribe_id) return;
    const bool same_log = answer.epoch.value_or(0) == r->epoch && !answer.resync.value_or(false);
    if (!same_log) r->drop_copy();
    r->subscribed = subscription::live;
    r->epoch = answer.epoch.value_or(1);
    r->head = r->log.empty() ? answer.top.value_or(0) : std::max(r->head, answer.top.value_or(0));
    note_said(s, *r, answer.said.value_or(0), answer.shrunk.value_or(0));
    if (r->log.top() < r->head) r->streamed_until_ms = s.now_ms + stream_patience_ms;
}

void answered(step& s, const protocol::history& request, const ok& answer) {
    room* r = find_room(s.model, request.room);
    if (!r || r->log.empty()) return;
    r->loading_page = false;
    if (answer.epoch && *answer.epoch != r->epoch) return start_over(s, request.room);
    const std::uint64_t from = answer.from.value_or(0), to = answer.to.value_or(0);
    const bool more = answer.more.value_or(false) && from <= to;
    if (request.before && !more) r->nothing_older = true;
    if (request.around && !(from <= *request.around && *request.around <= to))
        r->catching_up = false;
    take_page(
        s, request.room,
        {.from = from, .to = to, .top = answer.top.value_or(to), .entries = listed(answer.events)});
}

void answered(step& s, const protocol::catch_up& request, const ok& answer) {
    room* r = find_room(s.model, request.room);
    if (!r || r->log.empty()) return;
    if (answer.epoch && *answer.epoch != r->epoch) return start_over(s, request.room);
    const std::uint64_t before = r->log.top();
    apply_events(s, request.room, listed(answer.events));
    r->filling_gap = false;
    if (r->log.top() == before && r->head == r->head_when_asked)
        r->head = before;  // the head was wrong, and another request would bring nothing either
    fill_gap(s, request.room);
}

void answered(step& s, const protocol::counts& request, const ok& answer) {
    const auto& counts = listed(answer.counts);
    for (const std::string& name : request.rooms) {
        room* r = find_room(s.model, name);
        if (!r) continue;
        r->reading.counts_in_flight = false;
        r->reading.ask_at_ms = 0;
        const auto count = std::find_if(counts.begin(), counts.end(),
                                        [&](const auto& one) { return one.room == name; });
        // Counted before a mark, or a deletion, that this page knows: it is asked for again.
        const bool is_old = answer.person.value_or(0) < r->reading.marked_at ||
                            (count != counts.end() && count->top < r->reading.shrunk);
        if (is_old) continue;
        if (count != counts.end())
            take_count(*r, *count, s.model.me);
        else
            r->reading.uncertain = false;
    }
}

void answered(step& s, const protocol::mark& request, const ok& answer) {
    room* r = find_room(s.model, request.room);
    if (!r) return;
    r->reading.mark_in_flight = false;
    r->reading.confirmed = request.seq;
    r->reading.marked_at = std::max(r->reading.marked_at, answer.person.value_or(0));
}

// The membership itself comes by `person`, or came with the welcome.
void enter(step& s, const std::string& name, const std::string& title) {
    room& r = s.model.rooms[name];
    if (r.title.empty() && !title.empty()) r.title = title;
    s.model.shown = dialog::none;
    s.model.new_room = {};
    switch_to_room(s, name);
}

void answered(step& s, const protocol::create_room& request, const ok&) {
    erase_unsent(s, request.nonce.value_or(""));
    enter(s, request.room, request.title.value_or(""));
}

void answered(step& s, const protocol::open_direct& request, const ok& answer) {
    erase_unsent(s, request.nonce);
    const std::string name = answer.room.value_or("");
    if (!protocol::obeys(protocol::room_name, name)) return;
    s.model.rooms[name].direct = true;
    enter(s, name, request.people.front());
}

void answered(step& s, const protocol::join& request, const ok&) {
    erase_unsent(s, request.nonce.value_or(""));
    const auto& listed = s.model.browsed.rooms;
    const auto it = std::find_if(listed.begin(), listed.end(),
                                 [&](auto& room) { return room.room == request.room; });
    enter(s, request.room, it == listed.end() ? "" : it->title);
}

// A resend gets the first answer, and the person may have joined again since then.
void answered(step& s, const protocol::leave& request, const ok& answer) {
    erase_unsent(s, request.nonce.value_or(""));
    const room* const r = find_room(s.model, request.room);
    const bool joined_since = r && r->joined && answer.seq && *answer.seq <= r->told_at;
    if (!joined_since) forget_room(s, request.room);
}

void answered(step& s, const protocol::list_rooms& request, const ok& answer) {
    auto& rooms = s.model.browsed.rooms;
    if (request.after != (rooms.empty() ? std::optional<std::string>{} : rooms.back().room))
        return;  // an older search
    const auto& found = listed(answer.rooms);
    rooms.insert(rooms.end(), found.begin(), found.end());
    const bool more =
        answer.more.value_or(false) && !found.empty() && rooms.size() < directory_rooms_max;
    s.model.browsed.complete = !more;
    if (more) ask(s, protocol::list_rooms{.id = 0, .after = rooms.back().room});
}

template <protocol::keeps_record Request>
void answered(step& s, const Request& request, const ok& answer) {
    record_answered(s, request.record(), answer.person);
}

void answered(step& s, const protocol::ping&, const ok&) { s.model.ping_sent = false; }

// Of a message or a change of one the event is on the way. hello, unsubscribe, typing: nothing to
// do.
template <class Request>
void answered(step& s, const Request& request, const ok& answer) {
    if constexpr (requires { request.nonce; }) confirm_unsent(s, request.nonce, answer);
}

void refused(step& s, const protocol::send& request, const protocol::error& error) {
    unsent* message = s.model.unsent.find(request.nonce);
    if (!message) return;
    message->state = delivery::failed;
    message->problem = sentence(error.message);
    if (request.room == s.model.open) return;
    const room* const r = find_room(s.model, request.room);
    const std::string where = r && r->direct ? "to " + r->title : "in #" + request.room;
    show_alert(s, "A message " + where + " was not sent: " + message->problem);
}

void refused(step& s, const protocol::edit& request, const protocol::error& error) {
    erase_unsent(s, request.nonce);
    give_back(s, request, error);
}

void refused(step& s, const protocol::delete_message& request, const protocol::error& error) {
    erase_unsent(s, request.nonce);
    show_alert(s, "A message was not deleted: " + sentence(error.message));
}

template <protocol::keeps_record Request>
void refused(step& s, const Request& request, const protocol::error& error) {
    record_refused(s, request.record(), error);
}

void refused(step& s, const protocol::leave& request, const protocol::error& error) {
    erase_unsent(s, request.nonce.value_or(""));
    note(s, sentence(error.message));
}

void refused(step& s, const protocol::subscribe& request, const protocol::error& error) {
    const room* const r = find_room(s.model, request.room);
    if (r && request.id != r->subscribe_id) return;
    const bool came_since = r && r->joined && !r->was_joined_when_asked;
    if (came_since) return subscribe_room(s, request.room);
    const bool unknown = error.code == to_word(protocol::error_code::not_found);
    forget_room(s, request.room);
    show_alert(s, unknown ? "#" + request.room + " doesn't exist." : sentence(error.message));
}

void refused(step& s, const protocol::create_room& request, const protocol::error& error) {
    erase_unsent(s, request.nonce.value_or(""));
    new_room_form& form = s.model.new_room;
    form = {.busy = false, .problem = sentence(error.message), .existing = {}};
    if (error.code != to_word(protocol::error_code::conflict)) return;
    form.problem = "#" + request.room + " exists already.";
    form.existing = request.room;
}

void refused(step& s, const protocol::open_direct& request, const protocol::error& error) {
    erase_unsent(s, request.nonce);
    note(s, sentence(error.message));
}

void refused(step& s, const protocol::join& request, const protocol::error& error) {
    erase_unsent(s, request.nonce.value_or(""));
    if (s.model.shown == dialog::browse)
        s.model.browsed.problem = sentence(error.message);
    else
        note(s, sentence(error.message));
}

void refused(step& s, const protocol::history& request, const protocol::error&) {
    room* r = find_room(s.model, request.room);
    if (!r) return;
    r->loading_page = false;
    if (request.before) r->nothing_older = true;
    if (request.around) r->catching_up = false;
}

void refused(step& s, const protocol::catch_up& request, const protocol::error&) {
    room* r = find_room(s.model, request.room);
    if (!r) return;
    r->filling_gap = false;
    r->head = r->log.top();
}

void refused(step& s, const protocol::counts& request, const protocol::error&) {
    answered(s, request, {});
}

void refused(step& s, const protocol::mark& request, const protocol::error&) {
    answered(s, request, {});
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

// A change of a message is undone in sight.
template <class Request>
void refused(step& s, const Request& request, const protocol::error& error) {
    if constexpr (requires {
                      request.target;
                      request.nonce;
                  }) {
        erase_unsent(s, request.nonce);
        show_alert(s, sentence(error.message));
    } else {
        note(s, sentence(error.message));
    }
}

bool may_retry(const std::string& word) {
    const auto code = protocol::code_of(word);
    return code && protocol::meaning_of(*code).retry;
}

// A record that the server certainly does not have is as one that was never sent.
void wait_again(step& s, unsent& deed, const protocol::error& error) {
    deed.state = delivery::waiting;
    if (!deed.is_record()) return;
    deed.overtaken = false;
    if (error.code != to_word(protocol::error_code::internal)) deed.transmitted = false;
    keep_unsent(s, deed);
}

// What lasts stays in the outbox, so that nothing overtakes it.
void retry_later(step& s, const protocol::request& request, const protocol::error& error) {
    const auto delay_ms = std::clamp(error.retry_ms.value_or(retry_ms_default), retry_ms_min,
                                     protocol::limits::reconnect_max_ms);
    const std::string nonce = nonce_of(request);
    unsent* const deed = nonce.empty() ? nullptr : s.model.unsent.find(nonce);
    if (nonce.empty()) return ask_later(s, request, delay_ms);
    if (deed) wait_again(s, *deed, error);
    s.model.send_pause_until_ms = s.now_ms + delay_ms;
}

}  // namespace

void on_ok(step& s, const protocol::ok& answer) {
    const auto sent = s.model.in_flight.extract(answer.id.value_or(0));
    if (!sent) return;
    std::visit([&](const auto& request) { answered(s, request, answer); }, sent.mapped());
}

void on_error(step& s, const protocol::error& error) {
    const auto sent = s.model.in_flight.extract(error.id.value_or(0));
    if (!sent) return;
    const bool is_hello = std::holds_alternative<protocol::hello>(sent.mapped());
    if (may_retry(error.code) && !is_hello) return retry_later(s, sent.mapped(), error);
    std::visit([&](const auto& request) { refused(s, request, error); }, sent.mapped());
}

}  // namespace parley::state
