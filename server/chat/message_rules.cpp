// Messages: who says what, and who changes it.
#include "server/chat/judging.hpp"
#include "server/chat/rules.hpp"
#include "shared/protocol/emoji.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace parley::chat::judging {

using protocol::error_code;
namespace limits = protocol::limits;

namespace {

read_position top_of(const room_row& room) { return {.seq = room.top, .said = room.said}; }

// What is about to be said in a direct room brings it onto the list of each of its people who does
// not have it there, and is unread for them.
std::optional<refusal> show_to_all(working_set& set, const room_row& room) {
    std::vector<std::string> absent;
    for (const std::string& user : room.people)
        if (!set.read_mark(user, room.name)) absent.push_back(user);
    for (const std::string& user : absent)
        if (auto why = refuse_one_more_on_list(set, user)) return why;
    for (const std::string& user : absent) set.add_member(user, room.name);
    return std::nullopt;
}

}  // namespace

template <>
outcome judge_one(working_set& set, const authored<protocol::send>& command) {
    protocol::event_body message = command.becomes();
    if (auto first = answer_at_once(set, command, message)) return *first;
    const room_row* const room = set.room(command.room);
    if (auto why = refuse(command.by, protocol::action::send, room)) return *why;
    if (command.reply_to && (*command.reply_to == 0 || *command.reply_to > room->top))
        return refused(error_code::not_found, "there is no such event to reply to", "reply_to");
    if (auto why = show_to_all(set, *room)) return *why;
    const auto read =
        command.by.signed_in() ? set.read_mark(command.by.user, command.room) : std::nullopt;
    const bool had_read_all = read && read->said == room->said;
    const protocol::event& said =
        set.append(command.room, event_of(command.by.user, std::move(message), command.nonce));
    // Devices that only hear how much was said learn from the mark that it was one's own.
    if (read) set.set_read(command.by.user, command.room, had_read_all ? top_of(*room) : *read);
    return of_event(*room, said);
}

namespace {

// A name for one connection proves nothing, and a guest's may have been another's before.
bool is_author(const working_set& set, const protocol::event& message, const identity& by) {
    if (message.author != by.user || !by.signed_in()) return false;
    return !by.guest || message.at > set.began_at(by.session);
}

// ---- what changes a message

// Where its rule begins, if it is not answered at once.
struct found_target {
    const room_row& room;
    const protocol::event& event;
    const protocol::message& message;
};

protocol::target_state state_of(const working_set& set, const protocol::event* event,
                                const identity& by) {
    using protocol::target_state;
    if (!event) return target_state::none;
    const bool deleted = protocol::as<protocol::message>(*event)->deleted.value_or(false);
    if (is_author(set, *event, by)) return deleted ? target_state::own_deleted : target_state::own;
    return deleted ? target_state::deleted_of_another : target_state::of_another;
}

template <class Request>
std::variant<found_target, outcome> find_target(const working_set& set,
                                                const authored<Request>& command,
                                                protocol::action what) {
    if (auto first = answer_at_once(set, command, command.becomes())) return *first;
    const room_row* const room = set.room(command.room);
    const protocol::event* const event = set.message({command.room, command.target});
    const auto membership = protocol::membership_state::inside;
    if (auto why = refuse(command.by, what, room, membership, state_of(set, event, command.by)))
        return *why;
    return found_target{*room, *event, *protocol::as<protocol::message>(*event)};
}

template <class Request>
outcome append_change(working_set& set, const authored<Request>& command) {
    const room_row& room = *set.room(command.room);
    return of_event(room, set.append(command.room,
                                     event_of(command.by.user, command.becomes(), command.nonce)));
}

}  // namespace

template <>
outcome judge_one(working_set& set, const authored<protocol::edit>& command) {
    const auto found = find_target(set, command, protocol::action::edit);
    if (const auto* const answer = std::get_if<outcome>(&found)) return *answer;
    const auto& [room, event, message] = std::get<found_target>(found);
    const std::uint64_t rev = protocol::rev_of(event);
    if (rev != command.base) {
        refusal out = refused(error_code::conflict, "the message was edited meanwhile", "base");
        out.rev = rev;
        return out;
    }
    if (message.text == command.text) return in_room(room, rev, message.edited.value_or(event.at));
    if (message.edits.value_or(0) >= limits::edits_max)
        return refused(error_code::limit, "the message was edited too often", "target");
    return append_change(set, command);
}

template <>
outcome judge_one(working_set& set, const authored<protocol::delete_message>& command) {
    const auto found = find_target(set, command, protocol::action::delete_message);
    if (const auto* const answer = std::get_if<outcome>(&found)) return *answer;
    const auto& [room, event, message] = std::get<found_target>(found);
    if (message.deleted) return in_room(room, protocol::rev_of(event), event.at);
    set.blank({command.room, command.target});
    return append_change(set, command);
}

namespace {

bool has_reacted(const protocol::reaction& reaction, const std::string& user) {
    return std::find(reaction.people.begin(), reaction.people.end(), user) != reaction.people.end();
}

std::optional<refusal> refuse_one_more_reaction(const protocol::message& message,
                                                const std::string& user, bool is_new) {
    std::size_t own = 0, all = 0;
    for (const protocol::reaction& one : message.reactions) {
        all += one.people.size();
        own += has_reacted(one, user) ? 1 : 0;
    }
    if (own < limits::own_emoji_max && all < limits::reactions_max &&
        (!is_new || message.reactions.size() < limits::emoji_max))
        return std::nullopt;
    return refused(error_code::limit, "this message has as many reactions as it may", "emoji");
}

}  // namespace

template <>
outcome judge_one(working_set& set, const authored<protocol::react>& command) {
    const auto found = find_target(set, command, protocol::action::react);
    if (const auto* const answer = std::get_if<outcome>(&found)) return *answer;
    const auto& [room, event, message] = std::get<found_target>(found);
    if (!protocol::is_emoji(command.emoji))
        return refused(error_code::bad_field, "emoji: must be one emoji", "emoji");
    const auto* const known =
        protocol::find_reaction(message, protocol::plain_emoji(command.emoji));
    if (command.on == (known && has_reacted(*known, command.by.user)))
        return in_room(room, message.marks.value_or(event.seq), event.at);
    if (command.on)
        if (auto why = refuse_one_more_reaction(message, command.by.user, known == nullptr))
            return *why;
    return append_change(set, command);
}

template <>
outcome judge_one(working_set& set, const authored<protocol::pin>& command) {
    const auto found = find_target(set, command, protocol::action::pin);
    if (const auto* const answer = std::get_if<outcome>(&found)) return *answer;
    const auto& [room, event, message] = std::get<found_target>(found);
    if (command.on == protocol::is_pinned(event))
        return in_room(room, message.marks.value_or(event.seq), event.at);
    if (command.on && room.pinned >= limits::pins_max)
        return refused(error_code::limit, "this room has as many pinned messages as it may", "");
    return append_change(set, command);
}

}  // namespace parley::chat::judging
