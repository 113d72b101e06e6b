// What the bus tells is handed to the rooms; what changes often is told once a second.
#include "server/chat/hub.hpp"

#include "server/chat/conversation.hpp"
#include "server/chat/plain_conversation.hpp"
#include "shared/ensure.hpp"
#include "shared/protocol/codec.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace parley::chat {

hub::hub(ledger& log, bus& others, chat::settings chosen, std::size_t shard)
    : log_(log),
      others_(others),
      settings_(std::move(chosen)),
      pages_(log, settings_.pages_under_way_max),
      shard_(shard) {}

hub::~hub() = default;

std::shared_ptr<conversation> hub::open_conversation(identity who, peer& far_end) {
    auto opened = std::make_shared<conversation>(*this, std::move(who), far_end,
                                                 conversation::manner::connected);
    check_newcomer(*opened);
    return opened;
}

std::shared_ptr<conversation> hub::open_exchange(identity who, peer& far_end) {
    return std::make_shared<conversation>(*this, std::move(who), far_end,
                                          conversation::manner::exchange);
}

std::shared_ptr<participant> hub::open_plain(identity who, const std::string& room,
                                             std::uint64_t entry, peer& far_end) {
    auto opened = std::make_shared<plain_conversation>(*this, std::move(who), far_end);
    opened->begin(room, entry);
    check_newcomer(*opened);
    return opened;
}

// A session may end, and a name be taken, between the look-up and the end of the handshake.
void hub::check_newcomer(participant& newcomer) {
    const identity& who = newcomer.who();
    if (who.gives_way()) return check_name(who.user);
    if (who.session.empty()) return;
    if (std::find(ended_sessions_.begin(), ended_sessions_.end(), who.session) !=
        ended_sessions_.end())
        newcomer.far_end().close(protocol::close_code::signed_out, "signed out");
}

void hub::add(participant& who) {
    who.slot_ = participants_.size();
    participants_.push_back(&who);
    const auto [entry, is_new] = people_.try_emplace(who.who().user);
    if (is_new) entry->second.heard.emplace(others_, shard_, person_subject(entry->first));
    entry->second.connections.push_back(&who);
}

void hub::remove(participant& who) {
    participants_[who.slot_] = participants_.back();
    participants_[who.slot_]->slot_ = who.slot_;
    participants_.pop_back();
    const auto entry = people_.find(who.who().user);
    ensure(entry != people_.end());
    std::erase(entry->second.connections, &who);
    if (entry->second.connections.empty()) people_.erase(entry);
}

room& hub::room_named(const std::string& name) {
    auto& place = rooms_[name];
    room_repairs& repairs = *this;
    if (!place)
        place = std::make_shared<room>(name, ++rooms_begun_, counted_, repairs, others_, shard_);
    return *place;
}

void hub::forget_if_empty(room& place) {
    if (place.empty()) rooms_.erase(place.name());
}

void hub::presence_changed(room& place) {
    if (place.presence_waits) return;
    place.presence_waits = true;
    presence_to_tell_.push_back(place.name());
}

void hub::head_changed(room& place) {
    if (place.head_waits || !place.has_watchers()) return;
    place.head_waits = true;
    heads_to_tell_.push_back(place.name());
}

void hub::owes(room& place) {
    const bool known = std::exchange(place.told_waits, true);
    if (known && !place.owes_much()) return;
    rooms_to_tell_.push_back(place.name());
    owes_(known ? 0 : place.members());
}

// Rooms that were served lately share the next tick. With a deadline each, a room that is always
// late would be served in every turn.
told hub::tell_rooms(time_us now, time_us spacing) {
    std::vector<std::string> due = std::exchange(rooms_to_tell_, {});
    if (spacing == 0)
        due.insert(due.end(), rooms_that_wait_.begin(), rooms_that_wait_.end()),
            rooms_that_wait_.clear();
    std::sort(due.begin(), due.end());
    due.erase(std::unique(due.begin(), due.end()), due.end());
    const urgency when = due.size() == 1 ? urgency::write_through : urgency::deferrable;
    told out;
    for (std::string& name : due) {
        const auto found = rooms_.find(name);
        if (found == rooms_.end()) continue;
        if (found->second->is_due(now, spacing))
            out.members += found->second->tell(now, when);
        else
            rooms_that_wait_.push_back(std::move(name));
    }
    out.others_wait = !rooms_that_wait_.empty();
    return out;
}

void hub::receive(const hint& what) {
    std::visit([this](const auto& one) { hear(one); }, what);
}

void hub::hear(const events_committed& what) {
    const auto found = rooms_.find(what.run->room);
    if (found == rooms_.end()) return;
    room& place = *found->second;
    counted_.broadcasts.add();
    place.collect(what.run);
    if (!place.owed().empty()) owes(place);
    repair(place);
}

// The last record of a room says whether it is on the list.
static std::set<std::string> rooms_left(const person_changed& what) {
    std::set<std::string> left;
    for (const auto& change : what.changes) {
        const auto* const one = std::get_if<protocol::membership>(&change.body);
        if (one && one->on) left.erase(one->room);
        if (one && !one->on) left.insert(one->room);
    }
    return left;
}

void hub::hear(const person_changed& what) {
    const auto found = people_.find(what.user);
    if (found == people_.end()) return;
    std::vector<participant*> theirs;  // for whom this comes next
    bool is_missed = false;
    for (participant* one : found->second.connections) {
        if (!one->keeps_a_list()) one->doubt_list();
        if (!one->keeps_a_list() || what.seq <= one->sent_until()) continue;
        if (one->is_behind())
            one->doubt_list();
        else if (what.after() > one->sent_until())
            is_missed = true;
        else
            theirs.push_back(one);
    }
    if (is_missed) doubt_list(what.user);
    if (theirs.empty()) return;
    const protocol::person notice{
        .seq = what.seq, .anew = {}, .changes = what.changes, .rooms = what.rooms};
    const wire::shared_frame frame = wire::make_frame(wire::opcode::text, protocol::encode(notice));
    for (participant* each : theirs) {
        each->far_end().push(frame);
        each->sent_until(what.seq);
        for (const auto& summary : what.rooms) each->put_on_list(summary);
        for (const std::string& room : rooms_left(what)) each->take_off_list(room);
    }
    // Nothing was heard of a room before this shard followed it, which may be since a moment ago.
    if (!what.rooms.empty()) doubt_list(what.user);
}

void hub::hear(const session_ended& what) {
    ended_sessions_.push_back(what.session);
    if (ended_sessions_.size() > ended_sessions_max) ended_sessions_.pop_front();
    std::vector<participant*> theirs;
    for (participant* one : participants_)
        if (one->who().session == what.session) theirs.push_back(one);
    for (participant* one : theirs)
        one->far_end().close(protocol::close_code::signed_out, "signed out");
}

void hub::hear(const name_taken& what) {
    const auto found = people_.find(what.user);
    if (found == people_.end()) return;
    std::vector<participant*> others;
    for (participant* one : found->second.connections)
        if (one->who().session.empty()) others.push_back(one);
    for (participant* one : others)
        one->far_end().close(protocol::close_code::unauthenticated, "the name was taken");
}

void hub::hear(const typing_changed& what) {
    const auto found = rooms_.find(what.room);
    if (found == rooms_.end()) return;
    const protocol::typing_sign sign{what.room, what.user, what.active};
    found->second->tell_ephemeral(wire::make_frame(wire::opcode::text, protocol::encode(sign)),
                                  what.user);
}

void hub::hear(const presence_summary& what) {
    const auto found = rooms_.find(what.room);
    if (found == rooms_.end()) return;
    room& place = *found->second;
    if (place.presence().hear(what, ticks_)) place.tell_ephemeral(place.presence_frame(), {});
}

void hub::hear(const presence_asked& what) {
    if (what.node == settings_.node) return;
    if (const auto found = rooms_.find(what.room); found != rooms_.end())
        presence_changed(*found->second);
}

void hub::publish(hint one) { others_.publish({std::make_shared<const hint>(std::move(one))}); }

void hub::tell_presence(const std::string& name) {
    const auto found = rooms_.find(name);
    if (found == rooms_.end())
        return publish(
            presence_summary{.room = name, .node = settings_.node, .online = 0, .users = {}});
    room& place = *found->second;
    place.presence_waits = false;
    auto here = place.present(settings_.node);
    const bool is_empty = here.online == 0;  // is not repeated
    auto said = std::make_shared<const hint>(std::move(here));
    place.presence().said(is_empty ? nullptr : said, ticks_);
    others_.publish({std::move(said)});
    if (!std::exchange(place.presence_asked, true))
        publish(presence_asked{.room = name, .node = settings_.node});
}

// A part of the rooms each time, so that all have their turn within presence_repeat_ms.
void hub::tend_presence() {
    hint_list repeated;
    auto next = rooms_.upper_bound(presence_tended_);
    for (std::size_t left = rooms_.size() / presence_repeat_ticks + 1;
         left > 0 && next != rooms_.end(); --left, ++next) {
        room& place = *next->second;
        presence_tended_ = place.name();
        if (auto own = place.presence().repeat(ticks_)) repeated.push_back(std::move(own));
        if (place.presence().forget_silent(ticks_))
            place.tell_ephemeral(place.presence_frame(), {});
    }
    if (next == rooms_.end()) presence_tended_.clear();
    if (!repeated.empty()) others_.publish(std::move(repeated));
}

void hub::tick(steady_ms now) {
    ++ticks_;
    for (const std::string& name : std::exchange(heads_to_tell_, {})) {
        const auto found = rooms_.find(name);
        if (found == rooms_.end()) continue;
        room& place = *found->second;
        place.head_waits = false;
        if (!place.tell_head()) head_changed(place);
    }
    for (const std::string& name : std::exchange(presence_to_tell_, {})) tell_presence(name);
    tend_presence();
    repair_again();
    check_names_again();
    check_sessions();
    exchange_sends_.forget_full(now);
    exchange_records_.forget_full(now);
    exchange_lookups_.forget_full(now);
}

// A part of the connections each time, so that a crowd of them costs as little as it can.
void hub::check_sessions() {
    const std::size_t part = ticks_ % session_check_ticks;
    check_sessions(participants_.size() * part / session_check_ticks,
                   participants_.size() * (part + 1) / session_check_ticks);
}

void hub::check_sessions(std::size_t first, std::size_t last) {
    std::vector<std::string> names;
    for (std::size_t i = first; i < last; ++i)
        if (const auto& session = participants_[i]->who().session; !session.empty())
            names.push_back(session);
    if (names.empty()) return;
    log_.ask(chat::check_sessions{std::move(names)},
             [this](const answer_to<chat::check_sessions>& what) {
                 // A ledger that cannot say is asked again.
                 const auto* const found = std::get_if<chat::ended_sessions>(&what);
                 if (!found) return;
                 for (const std::string& session : found->sessions) hear(session_ended{session});
             });
}

void hub::say_bye(protocol::close_code code, std::string_view reason) {
    tell_rooms(0, 0);
    const auto everyone = participants_;
    for (participant* one : everyone) one->say_bye(code, reason);
}

}  // namespace parley::chat
