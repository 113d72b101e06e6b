// The start and the end of a connection: hello, welcome, and what remains after a loss.
#include "shared/protocol/codec.hpp"
#include "wasm-client/state/step.hpp"

#include <algorithm>
#include <utility>

namespace parley::state {
namespace {

std::string barred_because(std::uint16_t code) {
    for (const auto& meaning : protocol::close_meanings)
        if (static_cast<std::uint16_t>(meaning.code) == code) return std::string(meaning.doc);
    return "the server does not want this connection";
}

bool session_ended(std::uint16_t code) {
    return code == static_cast<std::uint16_t>(protocol::close_code::unauthenticated) ||
           code == static_cast<std::uint16_t>(protocol::close_code::signed_out);
}

void resume(step& s, const protocol::room_summary& summary) {
    take_summary(s, summary);
    room& r = s.model.rooms[summary.room];
    const bool stood_at_end = s.model.at_end || r.log.empty();
    if (summary.room == s.model.open && stood_at_end && r.unread() > 0) begin_visit(s);
    if (r.subscribed != subscription::requested) return;
    r.subscribed = subscription::live;
    if (r.log.top() < r.head) r.streamed_until_ms = s.now_ms + stream_patience_ms;
    // Too much was missed: read the newest page instead.
    if (!r.log.empty() && r.head - r.log.top() > far_behind_events) start_over(s, summary.room);
}

// Of those that are not on the server alone.
std::vector<std::string> rooms_with_drafts(const model& m) {
    std::vector<std::string> names;
    for (const state::draft& draft : m.drafts.all()) names.push_back(draft.room);
    for (const unsent& deed : m.unsent.messages())
        if (std::holds_alternative<protocol::draft>(deed.record)) names.push_back(deed.room());
    return names;
}

void drop_unnamed(step& s, const protocol::welcome& welcome) {
    const auto is_named = [&](const std::string& name) {
        return std::any_of(welcome.rooms.begin(), welcome.rooms.end(),
                           [&](const auto& summary) { return summary.room == name; });
    };
    for (const std::string& name : rooms_with_drafts(s.model))
        if (!is_named(name)) drop_draft(s, name);
    std::erase_if(s.model.rooms, [&](const auto& entry) {
        return !is_named(entry.first) && entry.first != s.model.open;
    });
    std::erase_if(s.model.kept,
                  [&](const std::string& name) { return !s.model.rooms.contains(name); });
    room* open = find_room(s.model, s.model.open);
    if (!open || is_named(s.model.open)) return;
    open->joined = false;
    open->connection_lost();
    open->drop_copy();
}

void choose_room(step& s) {
    model& m = s.model;
    const std::string wished = std::exchange(m.wished, {});
    if (!wished.empty()) switch_to_room(s, wished);
    if (m.open.empty()) switch_to_any_room(s);
}

}  // namespace

void say_hello(step& s) {
    model& m = s.model;
    m.last_heard_ms = s.now_ms;
    m.hello_sent = true;
    protocol::hello hello{
        .id = {}, .client = "parley-web/" PARLEY_VERSION, .person = m.personal.seq(), .resume = {}};
    for (const std::string& name : m.kept) {
        room* r = find_room(m, name);
        if (!r || r->log.empty()) continue;
        if (r->head > r->log.top() + far_behind_events) {
            r->drop_copy();
            continue;
        }
        r->subscribed = subscription::requested;
        hello.resume.push_back({.room = name, .epoch = r->epoch, .seq = r->log.top()});
    }
    ask(s, std::move(hello));
}

void on_welcome(step& s, const protocol::welcome& welcome) {
    model& m = s.model;
    m.in_flight.erase(welcome.id.value_or(0));
    if (welcome.me != m.me) {  // another tab signed in as somebody else
        s.out.push_back(drop_connection{});
        return ask_whoami(s);
    }
    m.limits = welcome.limits;
    m.link = connection::online;
    m.lost_since_ms.reset();
    m.come_back_after_ms = 0;
    m.server = {};
    m.session_is_new = false;
    m.cookies = true;
    if (welcome.person)
        take_records(s, *welcome.person, welcome.anew.value_or(false),
                     welcome.changes.value_or(personal_log::change_list()));
    drop_unnamed(s, welcome);
    for (const auto& summary : welcome.rooms) resume(s, summary);
    for (const std::string& name : std::vector<std::string>(m.kept))
        if (m.rooms[name].subscribed == subscription::none) subscribe_room(s, name);
    choose_room(s);
    if (m.note.until_online) m.note = {};
    if (m.shown == dialog::browse) list_rooms(s);
}

void on_closed(step& s, std::uint16_t code) {
    model& m = s.model;
    const bool was_greeted = std::exchange(m.hello_sent, false);
    m.link = connection::offline;
    m.ping_sent = false;
    m.in_flight.clear();
    m.delayed.clear();
    m.typing = {};
    m.unsent.connection_lost();
    for (auto& [name, r] : m.rooms) r.connection_lost();
    if (m.at != stage::signed_in) return;
    if (!m.lost_since_ms) m.lost_since_ms = s.now_ms;
    if (!protocol::may_come_back(code) && !session_ended(code)) m.barred = barred_because(code);
    // A refused handshake gives no reason: perhaps the session has ended.
    if (!was_greeted) ++m.server.refused_handshakes;
    if (session_ended(code) || !was_greeted) ask_whoami(s);
}

}  // namespace parley::state
