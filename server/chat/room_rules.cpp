// Rooms: who opens, enters and leaves them, and how far they are read.
#include "server/chat/judging.hpp"
#include "server/chat/keys.hpp"
#include "server/chat/rules.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/names.hpp"

#include <algorithm>
#include <utility>

namespace parley::chat::judging {

using protocol::error_code;
namespace limits = protocol::limits;

namespace {

receipt opened(const room_row& room) {
    receipt out = in_room(room, 1, room.created_at);
    out.room = room.name;
    return out;
}

// What needs no room is asked for a public one.
std::optional<refusal> refuse_without_room(const identity& by, protocol::action what) {
    static const room_row any_public_room;
    return refuse(by, what, &any_public_room);
}

std::optional<refusal> refuse_one_more_room(const working_set& set, const std::string& author) {
    const std::uint64_t rooms = set.server().rooms;
    if (rooms < guest_rooms_max) return std::nullopt;
    if (rooms < rooms_max && is_account(set.person(author))) return std::nullopt;
    return refused(error_code::limit, "this server has reached its room limit", "");
}

// A guest's name passes to whoever takes it next, so all must be accounts.
std::optional<refusal> refuse_people(const working_set& set,
                                     const authored<protocol::open_direct>& command,
                                     const std::vector<std::string>& people) {
    if (command.people.empty() || people.size() > limits::direct_people_max ||
        std::adjacent_find(people.begin(), people.end()) != people.end())
        return refused(error_code::bad_field, "people: one to seven others, each once", "people");
    for (std::size_t i = 0; i < command.people.size(); ++i)
        if (!is_account(set.person(command.people[i])))
            return no_such_account("people[" + std::to_string(i) + "]");
    return std::nullopt;
}

// Every room has the server's epoch: one that was made after a backup, and is made again after its
// restore, must not seem to be the same.
void create(working_set& set, const std::string& name, const std::string& title,
            const std::string& author, std::vector<std::string> people,
            std::optional<std::string> nonce = {}) {
    set.create_room({.name = name,
                     .title = title,
                     .people = std::move(people),
                     .epoch = set.server().epoch,
                     .created_at = set.now(),
                     .created_by = author});
    set.append(name, event_of(author, protocol::created{.title = title}, std::move(nonce)));
}

}  // namespace

// The same person with the same title gets the first receipt again, under any nonce.
template <>
outcome judge_one(working_set& set, const authored<protocol::create_room>& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    if (auto why = refuse_without_room(command.by, protocol::action::create_room)) return *why;
    if (protocol::is_kept_for_direct_rooms(command.room))
        return refused(error_code::forbidden, "only direct rooms begin with dm- or dm.", "room");
    const room_row* const taken = set.room(command.room);
    const std::string& title = command.title ? *command.title : command.room;
    if (taken && taken->created_by == command.by.user && taken->title == title)
        return opened(*taken);
    if (auto first =
            first_answer(set, command.room, command.by.user, command.nonce, command.becomes()))
        return *first;
    if (taken) return refused(error_code::conflict, "a room of this name exists", "room");
    if (auto why = refuse_new_name(command.room, "room")) return *why;
    if (auto why = refuse_one_more_room(set, command.by.user)) return *why;
    if (auto why =
            command.by.signed_in() ? refuse_one_more_on_list(set, command.by.user) : std::nullopt)
        return *why;
    create(set, command.room, title, command.by.user, {}, command.nonce);
    if (command.by.signed_in()) join(set, command.room, command.by.user);
    return opened(*set.room(command.room));
}

namespace {

// Nobody else hears of it. REQUIRES: the room is direct, and theirs.
std::optional<refusal> put_on_list(working_set& set, const room_row& room,
                                   const std::string& user) {
    if (set.read_mark(user, room.name)) return std::nullopt;
    if (auto why = refuse_one_more_on_list(set, user)) return why;
    set.add_member(user, room.name);
    return std::nullopt;
}

}  // namespace

template <>
outcome judge_one(working_set& set, const authored<protocol::open_direct>& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    const std::string& user = command.by.user;
    identity opener = command.by;
    opener.guest = opener.guest || !is_account(set.person(user));
    if (auto why = refuse_without_room(opener, protocol::action::open_direct)) return *why;
    const std::vector<std::string> people = people_of(user, command.people);
    if (auto why = refuse_people(set, command, people)) return *why;
    if (const room_row* const known = set.direct_room(people)) {
        if (auto why = put_on_list(set, *known, user)) return *why;
        return opened(*known);
    }
    const protocol::created created{.title = command.room};
    if (auto first = first_answer(set, command.room, user, command.nonce, created)) return *first;
    if (set.room(command.room))
        return refused(error_code::conflict, "a room of this name exists", "people");
    if (auto why = refuse_one_more_room(set, user)) return *why;
    if (auto why = refuse_one_more_on_list(set, user)) return *why;
    create(set, command.room, command.room, user, people, command.nonce);
    set.add_member(user, command.room);
    return opened(*set.room(command.room));
}

namespace {

protocol::membership_state membership_of(const working_set& set, const identity& by,
                                         const std::string& room) {
    return by.signed_in() && set.read_mark(by.user, room) ? protocol::membership_state::inside
                                                          : protocol::membership_state::outside;
}

}  // namespace

namespace {

void end_records(working_set& set, const std::string& user, const std::string& room) {
    for (protocol::personal_body& body : protocol::records_ended_with(room))
        if (set.record(key_of(user, body))) set.keep(user, std::move(body));
}

}  // namespace

// Direct rooms come to lists, and go from them, without an event.
template <>
outcome judge_one(working_set& set, const authored<protocol::join>& command) {
    if (auto first = answer_at_once(set, command, command.becomes())) return *first;
    const room_row* const room = set.room(command.room);
    if (auto why = refuse(command.by, protocol::action::join, room)) return *why;
    if (room->is_direct()) {
        if (auto why = put_on_list(set, *room, command.by.user)) return *why;
        return unchanged(*room);
    }
    if (set.read_mark(command.by.user, command.room)) return unchanged(*room);
    if (auto why = refuse_one_more_on_list(set, command.by.user)) return *why;
    return of_event(*room, join(set, command.room, command.by.user, command.nonce));
}

template <>
outcome judge_one(working_set& set, const authored<protocol::leave>& command) {
    if (auto first = answer_at_once(set, command, command.becomes())) return *first;
    const room_row* const room = set.room(command.room);
    if (auto why = refuse(command.by, protocol::action::leave, room)) return *why;
    if (!set.read_mark(command.by.user, command.room)) return unchanged(*room);
    end_records(set, command.by.user, command.room);
    if (room->is_direct()) {
        set.remove_member(command.by.user, command.room);
        return unchanged(*room);
    }
    return of_event(*room, leave(set, command.room, command.by.user, command.nonce));
}

// What lies beyond the top of the room is its top.
template <>
outcome judge_one(working_set& set, const authored<protocol::mark>& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    const room_row* const room = set.room(command.room);
    if (auto why = refuse(command.by, protocol::action::mark, room,
                          membership_of(set, command.by, command.room)))
        return *why;
    const auto read = set.read_mark(command.by.user, command.room);
    const std::uint64_t seq = std::min(command.seq, room->top);
    const std::uint64_t said = set.said_by({.room = command.room, .seq = seq});
    if (read->seq != seq) set.set_read(command.by.user, command.room, {.seq = seq, .said = said});
    receipt out = unchanged(*room);
    out.person = set.log_of(command.by.user).seq;
    return out;
}

}  // namespace parley::chat::judging
