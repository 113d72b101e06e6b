// Messages: who says what, and who changes it.
#include "server/chat/judging.hpp"
#include "server/chat/rules.hpp"
#include "shared/protocol/emoji.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace parley::chat::judging {

using protocol::error_code;
namespace limits = protocol::limits;

namespace {

bool has_reacted(const protocol::reaction& reaction, const std::string& user) {
    return std::find(reaction.people.begin(), reaction.people.end(), user) != reaction.people.end();
}

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
    if (auto why = refuse_speaker(set, command.by)) return *why;
    const room_row* const room = set.room(command.room);
    if (auto why = refuse_entry(room, command.by)) return *why;
    protocol::message message{.text = command.text, .reply_to = command.reply_to};
    if (auto first = first_answer(set, command.room, command.by.user, command.nonce, message))
        return *first;
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

refusal no_such_message() {
    return refused(error_code::not_found, "there is no such message", "target");
}

// A name for one connection proves nothing, and a guest's may have been another's before.
bool is_author(const working_set& set, const protocol::event& message, const identity& by) {
    if (message.author != by.user || !by.signed_in()) return false;
    return !by.guest || message.at > set.began_at(by.session);
}

std::optional<refusal> refuse_edit(const working_set& set, const protocol::event* message,
                                   const authored<protocol::edit>& command) {
    if (!message) return no_such_message();
    if (!is_author(set, *message, command.by))
        return refused(error_code::forbidden, "only its author edits a message", "target");
    const auto& folded = *protocol::as<protocol::message>(*message);
    if (folded.deleted) return refused(error_code::gone, "the message was deleted", "target");
    const std::uint64_t rev = protocol::rev_of(*message);
    if (rev == command.base) return std::nullopt;
    refusal out = refused(error_code::conflict, "the message was edited meanwhile", "base");
    out.rev = rev;
    return out;
}

}  // namespace

template <>
outcome judge_one(working_set& set, const authored<protocol::edit>& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    const room_row* const room = set.room(command.room);
    if (auto why = refuse_entry(room, command.by)) return *why;
    protocol::edited edited{.target = command.target, .base = command.base, .text = command.text};
    if (auto first = first_answer(set, command.room, command.by.user, command.nonce, edited))
        return *first;
    const protocol::event* const message = set.message({command.room, command.target});
    if (auto why = refuse_edit(set, message, command)) return *why;
    const auto& folded = *protocol::as<protocol::message>(*message);
    if (folded.text == command.text)
        return in_room(*room, protocol::rev_of(*message), folded.edited.value_or(message->at));
    if (folded.edits.value_or(0) >= limits::edits_max)
        return refused(error_code::limit, "the message was edited too often", "target");
    return of_event(*room, set.append(command.room,
                                      event_of(command.by.user, std::move(edited), command.nonce)));
}

template <>
outcome judge_one(working_set& set, const authored<protocol::delete_message>& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    const room_row* const room = set.room(command.room);
    if (auto why = refuse_entry(room, command.by)) return *why;
    protocol::deleted deleted{.target = command.target, .reason = command.reason};
    if (auto first = first_answer(set, command.room, command.by.user, command.nonce, deleted))
        return *first;
    const protocol::event* const message = set.message({command.room, command.target});
    if (!message) return no_such_message();
    if (!is_author(set, *message, command.by))
        return refused(error_code::forbidden, "only its author deletes a message", "target");
    const std::uint64_t rev = protocol::rev_of(*message);
    if (protocol::as<protocol::message>(*message)->deleted) return in_room(*room, rev, message->at);
    set.blank({command.room, command.target});
    return of_event(*room, set.append(command.room, event_of(command.by.user, std::move(deleted),
                                                             command.nonce)));
}

namespace {

std::optional<refusal> refuse_reaction(const protocol::event& message,
                                       const authored<protocol::react>& command,
                                       const std::string& emoji) {
    const auto& folded = *protocol::as<protocol::message>(message);
    if (folded.deleted) return refused(error_code::gone, "the message was deleted", "target");
    if (!command.on) return std::nullopt;
    std::size_t own = 0, all = 0;
    for (const protocol::reaction& one : folded.reactions) {
        all += one.people.size();
        own += has_reacted(one, command.by.user) ? 1 : 0;
    }
    const bool is_new = protocol::find_reaction(folded, emoji) == nullptr;
    if (own < limits::own_emoji_max && all < limits::reactions_max &&
        (!is_new || folded.reactions.size() < limits::emoji_max))
        return std::nullopt;
    return refused(error_code::limit, "this message has as many reactions as it may", "emoji");
}

// `Kind`: reacted or unreacted.
template <class Kind>
outcome judge_reaction(working_set& set, const authored<protocol::react>& command) {
    const room_row& room = *set.room(command.room);
    Kind change{.target = command.target, .emoji = protocol::plain_emoji(command.emoji)};
    if (auto first = first_answer(set, command.room, command.by.user, command.nonce, change))
        return *first;
    const protocol::event* const message = set.message({command.room, command.target});
    if (!message) return no_such_message();
    const auto& folded = *protocol::as<protocol::message>(*message);
    const auto* const known = protocol::find_reaction(folded, change.emoji);
    if (!folded.deleted && command.on == (known && has_reacted(*known, command.by.user)))
        return in_room(room, folded.marks.value_or(message->seq), message->at);
    if (auto why = refuse_reaction(*message, command, change.emoji)) return *why;
    return of_event(room, set.append(command.room,
                                     event_of(command.by.user, std::move(change), command.nonce)));
}

}  // namespace

template <>
outcome judge_one(working_set& set, const authored<protocol::react>& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    if (auto why = refuse_entry(set.room(command.room), command.by)) return *why;
    if (!command.by.signed_in())
        return refused(error_code::forbidden, "sign in to react to messages", "");
    if (!protocol::is_emoji(command.emoji))
        return refused(error_code::bad_field, "emoji: must be one emoji", "emoji");
    return command.on ? judge_reaction<protocol::reacted>(set, command)
                      : judge_reaction<protocol::unreacted>(set, command);
}

}  // namespace parley::chat::judging
