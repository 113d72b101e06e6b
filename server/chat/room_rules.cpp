// Rooms: who opens, enters and leaves them, and how far they are read.
#include "server/chat/judging.hpp"
#include "server/chat/rules.hpp"
#include "shared/protocol/direct_room.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>
#include <utility>

namespace parley::chat::judging {

using protocol::error_code;
namespace limits = protocol::limits;

namespace {

receipt opened(const room_row& room) { return in_room(room, 1, room.created_at); }

std::optional<refusal> refuse_one_more_room(const working_set& set, const std::string& author) {
    const std::uint64_t rooms = set.server().rooms;
    if (rooms < guest_rooms_max) return std::nullopt;
    if (rooms < rooms_max && is_account(set.person(author))) return std::nullopt;
    return refused(error_code::limit, "this server has reached its room limit", "");
}

refusal no_list() { return refused(error_code::forbidden, "sign in to keep a list of rooms", ""); }

std::optional<refusal> refuse_member(const working_set& set, const std::string& user) {
    const person_row* const person = set.person(user);
    if (!person) return no_list();
    if (person->rooms < limits::joined_rooms_max) return std::nullopt;
    return refused(error_code::limit, user + " is in as many rooms as anyone may be", "room");
}

// A public room can be joined and left.
std::optional<refusal> refuse_membership(const room_row* room, const std::string& user) {
    if (auto why = refuse_entry(room, user)) return why;
    if (!room->is_direct()) return std::nullopt;
    return refused(error_code::forbidden, "a direct room has its two members", "room");
}

// A guest's name passes to whoever takes it next, so both must be accounts.
std::optional<refusal> refuse_pair(const working_set& set, const open_direct_room& command) {
    if (command.by.user == command.other ||
        command.room != protocol::direct_room(command.by.user, command.other))
        return refused(error_code::bad_field,
                       "a direct room is named dm.<a>.<b> for two people, names sorted", "room");
    if (!is_account(set.person(command.other))) return no_such_account("room");
    if (is_account(set.person(command.by.user))) return std::nullopt;
    return refused(error_code::forbidden, "guests have no direct rooms: open an account", "");
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

bool is_repeated(const protocol::created& before, const protocol::created& now) {
    return before.title == now.title;
}
bool is_repeated(const protocol::joined&, const protocol::joined&) { return true; }
bool is_repeated(const protocol::left&, const protocol::left&) { return true; }

outcome judge_one(working_set& set, const open_room& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    if (protocol::is_direct_room(command.room))
        return refused(error_code::forbidden,
                       "names starting with dm. are reserved for direct rooms", "room");
    const room_row* const taken = set.room(command.room);
    if (taken && taken->created_by == command.by.user && taken->title == command.title)
        return opened(*taken);
    const protocol::created created{.title = command.title};
    if (auto first = first_answer(set, command.room, command.by.user, command.nonce, created))
        return *first;
    if (taken) return refused(error_code::conflict, "a room of this name exists", "room");
    if (auto why = refuse_new_name(command.room, "room")) return *why;
    if (auto why = refuse_one_more_room(set, command.by.user)) return *why;
    if (auto why = command.by.signed_in() ? refuse_member(set, command.by.user) : std::nullopt)
        return *why;
    create(set, command.room, command.title, command.by.user, {}, command.nonce);
    if (command.by.signed_in()) join(set, command.room, command.by.user);
    return opened(*set.room(command.room));
}

outcome judge_one(working_set& set, const open_direct_room& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    if (auto why = refuse_pair(set, command)) return *why;
    if (const room_row* const taken = set.room(command.room)) {
        // dm.a.b.c may be for a and b.c, or for a.b and c: whoever came first has it.
        if (taken->is_direct() && taken->admits(command.by.user) && taken->admits(command.other))
            return opened(*taken);
        return refused(error_code::conflict, "this name belongs to the room of two others", "room");
    }
    if (auto why = refuse_one_more_room(set, command.by.user)) return *why;
    if (auto why = refuse_member(set, command.by.user)) return *why;
    if (auto why = refuse_member(set, command.other)) return *why;
    const auto& [first, second] = std::minmax(command.by.user, command.other);
    create(set, command.room, command.room, command.by.user, {first, second});
    join(set, command.room, command.by.user);
    join(set, command.room, command.other);
    return opened(*set.room(command.room));
}

outcome judge_one(working_set& set, const join_room& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    if (!command.by.signed_in()) return no_list();
    const room_row* const room = set.room(command.room);
    if (auto why = refuse_membership(room, command.by.user)) return *why;
    if (auto first =
            first_answer(set, command.room, command.by.user, command.nonce, protocol::joined{}))
        return *first;
    if (set.read_mark(command.by.user, command.room)) return unchanged(*room);
    if (auto why = refuse_member(set, command.by.user)) return *why;
    const protocol::event& joined = join(set, command.room, command.by.user, command.nonce);
    return in_room(*room, joined.seq, joined.at);
}

outcome judge_one(working_set& set, const leave_room& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    if (!command.by.signed_in()) return no_list();
    const room_row* const room = set.room(command.room);
    if (auto why = refuse_membership(room, command.by.user)) return *why;
    if (auto first =
            first_answer(set, command.room, command.by.user, command.nonce, protocol::left{}))
        return *first;
    if (!set.read_mark(command.by.user, command.room)) return unchanged(*room);
    const protocol::event& left = leave(set, command.room, command.by.user, command.nonce);
    return in_room(*room, left.seq, left.at);
}

outcome judge_one(working_set& set, const mark_read& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    if (!command.by.signed_in()) return no_list();
    const room_row* const room = set.room(command.room);
    if (auto why = refuse_entry(room, command.by.user)) return *why;
    const auto read = set.read_mark(command.by.user, command.room);
    if (!read) return refused(error_code::not_found, "not a room of yours", "room");
    const std::uint64_t seq = std::min(command.seq, room->top);
    const std::uint64_t said = set.said_by({.room = command.room, .seq = seq});
    if (read->seq != seq) set.set_read(command.by.user, command.room, {.seq = seq, .said = said});
    return unchanged(*room);
}

}  // namespace parley::chat::judging
