// The functions that several parts of the reducer share.
#include "wasm-client/state/step.hpp"

#include "shared/protocol/ascii.hpp"
#include "shared/protocol/codec.hpp"
#include "wasm-client/state/reading.hpp"

#include <algorithm>
#include <utility>

namespace parley::state {
namespace {

std::size_t requests_max(const model& model) {
    return std::clamp<std::size_t>(model.limits.requests_in_flight, 1,
                                   protocol::limits::requests_in_flight_max);
}

std::size_t kept_max(const model& model) {
    return std::clamp<std::size_t>(model.limits.subscriptions, 1, kept_rooms_max);
}

void release_copy(step& s, const std::string& name) {
    room* r = find_room(s.model, name);
    if (!r) return;
    if (r->subscribed != subscription::none && s.model.link == connection::online)
        ask(s, protocol::unsubscribe{.id = 0, .room = name});
    s.model.unsent.shown_until(name, protocol::limits::integer_max);
    r->connection_lost();
    r->drop_copy();
    if (!r->joined) s.model.rooms.erase(name);
}

}  // namespace

void ask(step& s, protocol::request request) {
    if (s.model.in_flight.size() >= requests_max(s.model))
        return ask_later(s, std::move(request), 0);
    const std::uint64_t id = s.model.next_id;
    s.model.next_id = id == protocol::limits::request_id_max ? 1 : id + 1;
    std::visit(
        [&](auto& known) {
            if constexpr (requires { known.id; }) known.id = id;
        },
        request);
    if (const auto* const one = std::get_if<protocol::subscribe>(&request))
        if (room* const r = find_room(s.model, one->room)) r->subscribe_id = id;
    s.out.push_back(send_frame{protocol::encode(request)});
    s.model.in_flight[id] = std::move(request);
}

void ask_later(step& s, protocol::request request, std::uint64_t delay_ms) {
    if (s.model.delayed.size() >= delayed_requests_max)
        return show_alert(s, "Too much at once. Try again in a moment.");
    s.model.delayed.push_back({s.now_ms + delay_ms, std::move(request)});
}

void show_alert(step& s, std::string text) {
    s.model.latest_alert = {s.model.latest_alert.number + 1, std::move(text)};
}

void note(step& s, std::string text) { s.model.note = {std::move(text), false}; }

bool refuse_offline(step& s) {
    if (s.model.link == connection::online) return false;
    s.model.note = {"You're offline. Try again when the connection is back.", true};
    return true;
}

std::string sentence(std::string text) {
    if (text.empty()) return "Something went wrong on the server. Try again.";
    text[0] = protocol::ascii::to_upper(text[0]);
    if (text.find_last_of(".!?") != text.size() - 1) text += '.';
    return text;
}

void switch_to_room(step& s, const std::string& name) {
    model& m = s.model;
    if (m.open == name) return;
    stop_typing(s);
    share_draft(s, std::string(m.open));
    m.open = name;
    m.note = {};
    if (!m.latest_alert.text.empty()) show_alert(s, "");
    fill_composer(s);
    room& r = m.rooms[name];
    if (r.title.empty()) r.title = name;
    begin_visit(s);
    std::erase(m.kept, name);
    m.kept.insert(m.kept.begin(), name);
    while (m.kept.size() > kept_max(m)) {
        release_copy(s, std::string(m.kept.back()));
        m.kept.pop_back();
    }
    if (m.link == connection::online && r.subscribed == subscription::none) subscribe_room(s, name);
}

void begin_visit(step& s) {
    model& m = s.model;
    m.at_end = false;  // until the page has shown it and reports its scroll position
    m.seen = 0;
    if (room* r = find_room(m, m.open)) r->begin_visit();
}

void switch_to_any_room(step& s) {
    s.model.open.clear();
    fill_composer(s);
    const room* lobby = find_room(s.model, std::string(protocol::lobby));
    if (lobby && lobby->joined) return switch_to_room(s, std::string(protocol::lobby));
    const auto joined = [](const auto& entry) { return entry.second.joined; };
    const auto it = std::find_if(s.model.rooms.begin(), s.model.rooms.end(), joined);
    if (it != s.model.rooms.end()) switch_to_room(s, std::string(it->first));
}

void subscribe_room(step& s, const std::string& name) {
    room* r = find_room(s.model, name);
    if (!r) return;
    protocol::subscribe request{.id = 0, .room = name, .epoch = {}, .seq = {}};
    if (!r->log.empty()) {
        request.epoch = r->epoch;
        request.seq = r->log.top();
    }
    r->subscribed = subscription::requested;
    r->was_joined_when_asked = r->joined;
    ask(s, std::move(request));
}

void forget_room(step& s, const std::string& name) {
    drop_draft(s, name);
    room* r = find_room(s.model, name);
    if (!r) return;
    r->joined = false;
    std::erase(s.model.kept, name);
    release_copy(s, name);
    if (s.model.open == name) switch_to_any_room(s);
}

void drop_membership(step& s, const std::string& name) {
    room* r = find_room(s.model, name);
    if (!r) return;
    if (s.model.open != name) return forget_room(s, name);
    r->joined = false;
    drop_draft(s, name);
    r->new_after.reset();
    r->catching_up = false;
}

void take_summary(step& s, const protocol::room_summary& summary) {
    room& r = s.model.rooms[summary.room];
    if (summary.epoch != r.epoch || summary.resync.value_or(false)) {
        r.drop_copy();
        r.reading = {};
        r.head = 0;
    }
    r.title = summary.title;
    r.joined = summary.joined;
    r.told_at = summary.top;
    r.direct = summary.is_direct();
    r.people = summary.people;
    r.epoch = summary.epoch;
    take_summary_reading(r, summary, s.model.me);
    r.reading.marked_at = s.model.personal.seq().value_or(0);
    count_in_copy(r, s.model.me);
    if (r.reading.uncertain) ask_counts_soon(s, r);
}

void note_said(step& s, room& r, std::uint64_t said, std::uint64_t shrunk) {
    count_until(r, said);
    const bool deleted = shrunk > r.reading.shrunk;
    if (deleted) r.reading.shrunk = shrunk;
    if (deleted || r.reading.uncertain) ask_counts_soon(s, r);
}

void ask_counts_soon(step& s, room& r) {
    const std::uint64_t due_ms = s.now_ms + counts_soon_ms;
    r.reading.uncertain = true;
    r.reading.ask_at_ms = r.reading.ask_at_ms == 0 ? due_ms : std::min(r.reading.ask_at_ms, due_ms);
}

void name_own_reactions(protocol::event& event, const std::string& me) {
    auto* const message = protocol::as<protocol::message>(event);
    if (!message) return;
    for (protocol::reaction& one : message->reactions) {
        if (!std::exchange(one.mine, {}).value_or(false)) continue;
        if (std::find(one.people.begin(), one.people.end(), me) == one.people.end())
            one.people.push_back(me);
    }
}

bool take_page(step& s, const std::string& name, page_of_log page) {
    room* r = find_room(s.model, name);
    for (protocol::event& entry : page.entries) name_own_reactions(entry, s.model.me);
    if (!r || !r->log.take(std::move(page))) return false;
    r->head = std::max(r->head, r->log.top());
    count_in_copy(*r, s.model.me);
    s.model.unsent.shown_until(name, r->log.top());
    fill_gap(s, name);
    return true;
}

void start_over(step& s, const std::string& name) {
    room* r = find_room(s.model, name);
    if (!r) return;
    ask(s, protocol::unsubscribe{.id = 0, .room = name});
    r->drop_copy();
    subscribe_room(s, name);
    if (name == s.model.open) begin_visit(s);
}

void fill_gap(step& s, const std::string& name) {
    room* r = find_room(s.model, name);
    if (!r || r->filling_gap) return;
    if (!r->behind()) r->streamed_until_ms = 0;
    if (!r->behind() || s.now_ms < r->streamed_until_ms) return;
    r->streamed_until_ms = 0;
    if (r->log.empty() || r->head - r->log.top() > far_behind_events) return start_over(s, name);
    r->filling_gap = true;
    r->head_when_asked = r->head;
    ask(s, protocol::catch_up{.id = 0,
                              .room = name,
                              .seq = r->log.top(),
                              .limit = protocol::limits::history_page_max});
}

void list_rooms(step& s) {
    s.model.browsed = {};
    if (s.model.link == connection::online) ask(s, protocol::list_rooms{.id = 0, .after = {}});
}

void keep_draft(step& s, const std::string& room, std::string_view text) {
    model& m = s.model;
    const bool had_draft = m.drafts.has(room);
    for (const std::string& dropped : m.drafts.write(room, text))
        s.out.push_back(store{draft_key(m.me, dropped), ""});
    const std::string kept = m.drafts.text_in(room);
    if (kept.empty() && !had_draft) return;  // a stored draft there is another tab's
    s.out.push_back(store{draft_key(m.me, room), kept});
}

void fill_composer(step& s) {
    const auto& editor = s.model.editor;
    const bool edits = editor && editor->room == s.model.open;
    composer_text& composer = s.model.composer;
    const std::string text = edits ? editor->text : draft_in(s.model, s.model.open);
    composer = {.number = composer.number + 1,
                .text = text,
                .shown = text,
                .from_log = !edits && !s.model.drafts.has(s.model.open)};
}

void keep_unsent(step& s, const unsent& deed) {
    s.out.push_back(store{storage_key(s.model.me, deed.nonce(), s.model.tab), to_stored(deed)});
}

void forget_unsent(step& s, const std::string& nonce) {
    s.out.push_back(store{storage_key(s.model.me, nonce, s.model.tab), ""});
}

void erase_unsent(step& s, const std::string& nonce) {
    forget_unsent(s, nonce);
    s.model.unsent.remove(nonce);
}

void stop_typing(step& s) {
    const std::string room = std::exchange(s.model.typing, {}).room;
    if (room.empty() || s.model.link != connection::online) return;
    s.out.push_back(send_frame{protocol::encode(protocol::typing{.room = room, .active = false})});
}

}  // namespace parley::state
