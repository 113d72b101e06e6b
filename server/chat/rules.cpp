// The parts that all rules share, and the way to the rule of a command.
#include "server/chat/rules.hpp"

#include "server/chat/judging.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/names.hpp"

#include <algorithm>
#include <utility>

namespace parley::chat {
namespace judging {

using protocol::error_code;

refusal refused(error_code code, std::string message, std::string field) {
    return {.code = code, .message = std::move(message), .field = std::move(field), .retry_ms = 0};
}
refusal no_such_account(std::string field) {
    return refused(error_code::not_found, "there is no such account", std::move(field));
}

protocol::event event_of(const std::string& author, protocol::event_body body,
                         std::optional<std::string> nonce) {
    protocol::event event;
    event.author = author;
    event.body = std::move(body);
    event.nonce = std::move(nonce);
    return event;
}

receipt in_room(const room_row& room, std::uint64_t seq, time_ms at, std::uint64_t said) {
    return {
        .seq = seq, .at = at, .epoch = room.epoch, .top = room.top, .said = said, .session = {}};
}
receipt of_event(const room_row& room, const protocol::event& event) {
    return in_room(room, event.seq, event.at, event.said.value_or(0));
}
receipt unchanged(const room_row& room) { return in_room(room, 0, room.top_at); }
bool is_account(const person_row* person) { return person && person->kind == person_kind::account; }

namespace {

bool is_signed_in(const person_row& person, time_ms now) {
    return std::any_of(person.sessions.begin(), person.sessions.end(),
                       [now](const session_row& one) { return one.expires > now; });
}

}  // namespace

// Whoever bears a name on one connection may not have heard yet that somebody signed in under it.
std::optional<refusal> refuse_speaker(const working_set& set, const identity& by) {
    const person_row* const bearer = by.gives_way() ? set.person(by.user) : nullptr;
    if (bearer && is_signed_in(*bearer, set.now()))
        return refused(error_code::unauthenticated, "this name was taken", "");
    if (by.session.empty() || set.is_live(by.session)) return std::nullopt;
    return refused(error_code::unauthenticated, "this session has ended: sign in again", "");
}

namespace {

protocol::actor actor_of(const identity& by) {
    if (!by.signed_in()) return protocol::actor::nobody;
    return by.guest ? protocol::actor::guest : protocol::actor::member;
}

protocol::room_access access_of(const room_row* room, const identity& by) {
    if (!room || !room->admits(by)) return protocol::room_access::hidden;
    return room->is_direct() ? protocol::room_access::direct : protocol::room_access::open;
}

}  // namespace

std::optional<refusal> refuse(const identity& by, protocol::action what, const room_row* room,
                              protocol::membership_state membership,
                              protocol::target_state target) {
    const auto why = protocol::why_not(actor_of(by), what, access_of(room, by), membership, target);
    if (!why) return std::nullopt;
    return refused(why->code, std::string(why->text), std::string(why->field));
}

std::optional<refusal> refuse_new_name(const std::string& name, const std::string& field) {
    const std::string_view why = protocol::why_not_new_name(name);
    if (why.empty()) return std::nullopt;
    return refused(error_code::bad_field, std::string(why), field);
}

std::optional<refusal> refuse_one_more_on_list(const working_set& set, const std::string& user) {
    const person_row* const person = set.person(user);
    if (!person) return refused(error_code::forbidden, "sign in to keep a list of rooms", "");
    if (person->rooms < protocol::limits::joined_rooms_max) return std::nullopt;
    return refused(error_code::limit, user + " is in as many rooms as anyone may be", "room");
}

namespace {

template <class Kind>
bool is_repeated(const Kind& before, const Kind& now) {
    return before == now;
}
// What a deletion has blanked counts as the same.
bool is_repeated(const protocol::message& before, const protocol::message& now) {
    return !before.text || (before.text == now.text && before.reply_to == now.reply_to);
}
bool is_repeated(const protocol::edited& before, const protocol::edited& now) {
    return before.target == now.target &&
           (!before.text || (before.text == now.text && before.base == now.base));
}
bool is_repeated(const protocol::deleted& before, const protocol::deleted& now) {
    return before.target == now.target;
}

bool is_same(const protocol::event_body& before, const protocol::event_body& now) {
    return std::visit(
        [&now]<class Kind>(const Kind& first) {
            const auto* const again = std::get_if<Kind>(&now);
            return again && is_repeated(first, *again);
        },
        before);
}

}  // namespace

std::optional<outcome> first_answer(const working_set& set, const std::string& room,
                                    const std::string& author,
                                    const std::optional<std::string>& nonce,
                                    const protocol::event_body& body) {
    const auto first = nonce ? set.first_under(author, *nonce) : std::nullopt;
    if (!first) return std::nullopt;
    if (first->room == room && is_same(first->event.body, body))
        return of_event(*set.room(room), first->event);
    return refused(protocol::error_code::conflict, "this nonce was used with other content",
                   "nonce");
}

const protocol::event& join(working_set& set, const std::string& room, const std::string& user,
                            std::optional<std::string> nonce) {
    const protocol::event& joined =
        set.append(room, event_of(user, protocol::joined{}, std::move(nonce)));
    set.add_member(user, room);
    return joined;
}

const protocol::event& leave(working_set& set, const std::string& room, const std::string& user,
                             std::optional<std::string> nonce) {
    set.remove_member(user, room);
    return set.append(room, event_of(user, protocol::left{}, std::move(nonce)));
}

}  // namespace judging

outcome judge(working_set& set, const command& each) {
    return std::visit([&set](const auto& one) { return judging::judge_one(set, one); }, each);
}

std::optional<refusal> refuse_entry(const room_row* room, const identity& who) {
    return judging::refuse(who, protocol::action::read, room);
}

}  // namespace parley::chat
