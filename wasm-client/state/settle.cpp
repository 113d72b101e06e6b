// The work that is due after every input: send the next message and the read marks, end typing
// signs, notice a dead connection.
#include "shared/protocol/codec.hpp"
#include "wasm-client/state/reading.hpp"
#include "wasm-client/state/reduce.hpp"
#include "wasm-client/state/step.hpp"

#include <algorithm>
#include <utility>

namespace parley::state {
namespace {

constexpr std::uint64_t mark_interval_ms = 1'000;       // between two marks of one room
constexpr std::uint64_t typing_stops_after_ms = 5'000;  // without a key
// For the answer to a ping, and for a connection to open.
constexpr std::uint64_t answer_patience_ms = 10'000;

bool is_online(const model& m) { return m.link == connection::online; }

// When a connection that stays silent counts as dead.
std::uint64_t dead_at_ms(const model& m) {
    const std::uint64_t patience =
        is_online(m) ? protocol::limits::ping_after_ms + answer_patience_ms : answer_patience_ms;
    return m.last_heard_ms + patience;
}

void expire_typists(step& s) {
    for (auto& [name, r] : s.model.rooms)
        std::erase_if(r.typing, [&](const typist& typist) { return typist.until_ms <= s.now_ms; });
    const own_typing& own = s.model.typing;
    if (!own.room.empty() && s.now_ms >= own.last_key_ms + typing_stops_after_ms) stop_typing(s);
}

void advance_mark(step& s) {
    const model& m = s.model;
    room* r = find_room(s.model, m.open);
    if (!r || !r->joined || !m.page_visible) return;
    const std::uint64_t seen = m.at_end ? r->log.top() : m.seen;
    // What was seen before is unread when another device says so.
    if (seen > std::exchange(r->seen, std::max(r->seen, seen)) && seen > r->reading.seq)
        move_mark(*r, seen, std::nullopt, m.me);
    if (m.at_end || r->unread() == 0) r->catching_up = false;
}

// The page waits for the part of the room where reading stopped.
void load_first_unread(step& s) {
    room* r = find_room(s.model, s.model.open);
    if (!r || !r->catching_up || r->subscribed != subscription::live || r->loading_page) return;
    const std::uint64_t first = *r->new_after + 1;
    if (r->log.empty() || r->log.around(first)) return;
    if (first > r->log.top()) {
        r->catching_up = r->behind();  // it is on its way, or there is none
        return;
    }
    r->loading_page = true;
    ask(s, protocol::history{.id = 0,
                             .room = s.model.open,
                             .before = {},
                             .after = {},
                             .around = first,
                             .limit = protocol::limits::history_page_max});
}

bool owes_mark(const room& r) {
    return r.joined && r.reading.seq != r.reading.confirmed && !r.reading.mark_in_flight;
}

void send_marks(step& s) {
    for (auto& [name, r] : s.model.rooms) {
        if (!owes_mark(r) || s.now_ms < r.reading.marked_ms + mark_interval_ms) continue;
        r.reading.mark_in_flight = true;
        r.reading.marked_ms = s.now_ms;
        ask(s, protocol::mark{.id = 0, .room = name, .seq = r.reading.seq});
    }
}

// Of rooms whose unread messages neither arithmetic nor the copy can tell.
void ask_counts(step& s) {
    protocol::counts request;
    for (auto& [name, r] : s.model.rooms) {
        reading& known = r.reading;
        if (!r.joined || !known.uncertain || known.counts_in_flight || known.is_ahead()) continue;
        if (known.ask_at_ms == 0) known.ask_at_ms = s.now_ms + counts_later_ms;
        if (s.now_ms < known.ask_at_ms) continue;
        if (request.rooms.size() >= protocol::limits::counted_rooms_max) break;
        known.counts_in_flight = true;
        request.rooms.push_back(name);
    }
    if (!request.rooms.empty()) ask(s, std::move(request));
}

void fill_missed_streams(step& s) {
    for (const auto& [name, r] : s.model.rooms)
        if (r.streamed_until_ms != 0 && s.now_ms >= r.streamed_until_ms) fill_gap(s, name);
}

void ask_delayed(step& s) {
    auto waiting = std::exchange(s.model.delayed, {});
    for (delayed_request& delayed : waiting) {
        if (delayed.due_ms <= s.now_ms)
            ask(s, std::move(delayed.request));
        else
            s.model.delayed.push_back(std::move(delayed));
    }
}

void send_next(step& s) {
    if (s.now_ms < s.model.send_pause_until_ms || !s.model.stored_loaded) return;
    unsent* const deed = s.model.unsent.next();
    if (!deed) return;
    deed->state = delivery::in_flight;
    deed->transmitted = true;
    if (deed->is_record()) keep_unsent(s, *deed);  // the next page knows that it was transmitted
    ask(s, deed->request);
}

// When the countdown to the next attempt changes its number. A hidden page shows no countdown.
std::uint64_t next_second_ms(const model& m, std::uint64_t now_ms) {
    const std::uint64_t until_ms = m.server.next_try_ms;
    if (!m.page_visible || until_ms <= now_ms) return 0;
    return until_ms - (until_ms - now_ms - 1) / 1'000 * 1'000;
}

void check_life(step& s) {
    model& m = s.model;
    if (m.link == connection::offline) return;
    if (s.now_ms >= dead_at_ms(m)) return s.out.push_back(drop_connection{});
    if (!is_online(m) || m.ping_sent ||
        s.now_ms < m.last_heard_ms + protocol::limits::ping_after_ms)
        return;
    m.ping_sent = true;
    ask(s, protocol::ping{});
}

// The answer to whoami sets the cookie again, with a new date.
void renew_cookie(step& s) {
    if (s.now_ms < s.model.renewal_due_ms) return;
    s.model.renewal_due_ms = s.now_ms + renewal_interval_ms;
    ask_whoami(s);
}

}  // namespace

void settle(step& s) {
    model& m = s.model;
    expire_typists(s);
    advance_mark(s);
    if (m.draft_due && s.now_ms >= m.draft_due->due_ms)
        share_draft(s, std::string(m.draft_due->room));
    if (m.records_due_ms != 0 && s.now_ms >= m.records_due_ms) store_records(s);
    check_life(s);
    if (!is_online(m)) return;
    renew_cookie(s);
    ask_delayed(s);
    fill_missed_streams(s);
    load_first_unread(s);
    send_marks(s);
    ask_counts(s);
    send_next(s);
}

// settle() has done everything that was due, so only times after `now_ms` count.
std::optional<std::uint64_t> next_deadline(const model& m, std::uint64_t now_ms) {
    std::optional<std::uint64_t> first;
    const auto at = [&](std::uint64_t due_ms) {
        if (due_ms > now_ms) first = std::min(first.value_or(due_ms), due_ms);
    };
    if (m.lost_since_ms) {
        at(*m.lost_since_ms + (m.at == stage::loading ? quiet_start_ms : quiet_outage_ms));
        at(next_second_ms(m, now_ms));
    }
    if (m.link != connection::offline) at(dead_at_ms(m));
    if (m.draft_due) at(m.draft_due->due_ms);
    at(m.records_due_ms);
    if (!m.typing.room.empty()) at(m.typing.last_key_ms + typing_stops_after_ms);
    for (const auto& [name, r] : m.rooms)
        for (const typist& typist : r.typing) at(typist.until_ms);
    if (!is_online(m)) return first;
    at(m.last_heard_ms + protocol::limits::ping_after_ms);
    at(m.renewal_due_ms);
    for (const auto& [name, r] : m.rooms) {
        if (owes_mark(r)) at(r.reading.marked_ms + mark_interval_ms);
        if (r.reading.uncertain) at(r.reading.ask_at_ms);
        at(r.streamed_until_ms);
    }
    for (const delayed_request& delayed : m.delayed) at(delayed.due_ms);
    at(m.send_pause_until_ms);
    return first;
}

}  // namespace parley::state
