// Each command decides first, and changes the set only when nothing can be refused any more.
#include "server/chat/rules.hpp"

#include "shared/ensure.hpp"
#include "shared/protocol/direct_room.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/names.hpp"
#include "shared/protocol/text.hpp"
#include "shared/protocol/vocabulary.hpp"

#include <algorithm>

namespace parley::chat {
namespace {

using protocol::error_code;
namespace limits = protocol::limits;

refusal refused(error_code code, std::string message, std::string field) {
    return {.code = code, .message = std::move(message), .field = std::move(field), .retry_ms = 0};
}
refusal no_such_room() { return refused(error_code::not_found, "there is no such room", "room"); }
refusal name_is_taken() { return refused(error_code::conflict, "this name is taken", "user"); }
refusal no_such_account(std::string field) {
    return refused(error_code::not_found, "there is no such account", std::move(field));
}

protocol::event event_of(const std::string& author, protocol::event_body body,
                         std::optional<std::string> nonce = {}) {
    protocol::event event;
    event.author = author;
    event.body = std::move(body);
    event.nonce = std::move(nonce);
    return event;
}

receipt in_room(const room_row& room, std::uint64_t seq, time_ms at, std::uint64_t said = 0) {
    return {
        .seq = seq, .at = at, .epoch = room.epoch, .top = room.top, .said = said, .session = {}};
}
receipt of_event(const room_row& room, const protocol::event& event) {
    return in_room(room, event.seq, event.at, event.said.value_or(0));
}
receipt unchanged(const room_row& room) { return in_room(room, 0, room.top_at); }
receipt opened(const room_row& room) { return in_room(room, 1, room.created_at); }
receipt of_session(const working_set& set, std::string session) {
    return {
        .seq = 0, .at = set.now(), .epoch = 0, .top = 0, .said = 0, .session = std::move(session)};
}

bool is_account(const person_row* person) { return person && person->kind == person_kind::account; }

// Whoever speaks is proved here, where nothing can happen in between.
std::optional<refusal> refuse_speaker(const working_set& set, const identity& by) {
    if (by.session.empty() || set.is_live(by.session)) return std::nullopt;
    return refused(error_code::unauthenticated, "this session has ended: sign in again", "");
}

// ---- rooms

std::optional<refusal> refuse_new_name(const std::string& name, const std::string& field) {
    const std::string_view why = protocol::why_not_new_name(name);
    if (why.empty()) return std::nullopt;
    return refused(error_code::bad_field, std::string(why), field);
}

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

const protocol::event& join(working_set& set, const std::string& room, const std::string& user,
                            std::optional<std::string> nonce = {}) {
    const protocol::event& joined =
        set.append(room, event_of(user, protocol::joined{}, std::move(nonce)));
    set.add_member(user, room);
    return joined;
}

const protocol::event& leave(working_set& set, const std::string& room, const std::string& user,
                             std::optional<std::string> nonce = {}) {
    set.remove_member(user, room);
    return set.append(room, event_of(user, protocol::left{}, std::move(nonce)));
}

bool is_repeated(const protocol::created& before, const protocol::created& now) {
    return before.title == now.title;
}
bool is_repeated(const protocol::joined&, const protocol::joined&) { return true; }
bool is_repeated(const protocol::left&, const protocol::left&) { return true; }
bool is_repeated(const protocol::message& before, const protocol::message& now) {
    return !before.text || (before.text == now.text && before.reply_to == now.reply_to);
}

bool is_repeated(const protocol::edited& before, const protocol::edited& now) {
    return before.target == now.target &&
           (!before.text || (before.text == now.text && before.base == now.base));
}

read_position top_of(const room_row& room) { return {.seq = room.top, .said = room.said}; }

bool has_read_all(const working_set& set, const std::string& user, const room_row& room) {
    const auto read = set.read_mark(user, room.name);
    return read && read->said == room.said;
}

// The answer to a resend, or a refusal: the nonce was used for something else. Nothing: it is new.
// What a deletion has blanked counts as the same.
template <class Body>
std::optional<outcome> first_answer(const working_set& set, const std::string& room,
                                    const std::string& author,
                                    const std::optional<std::string>& nonce, const Body& body) {
    const auto first = nonce ? set.first_under(author, *nonce) : std::nullopt;
    if (!first) return std::nullopt;
    const Body* const before = protocol::as<Body>(first->event);
    if (before && first->room == room && is_repeated(*before, body))
        return of_event(*set.room(room), first->event);
    return refused(error_code::conflict, "this nonce was used with other content", "nonce");
}

outcome judge_one(working_set& set, const append& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    const room_row* const room = set.room(command.room);
    if (auto why = refuse_entry(room, command.by.user)) return *why;
    protocol::message message{
        .text = command.text, .reply_to = command.reply_to, .rev = {}, .marks = {}};
    if (auto first = first_answer(set, command.room, command.by.user, command.nonce, message))
        return *first;
    if (command.reply_to && (*command.reply_to == 0 || *command.reply_to > room->top))
        return refused(error_code::not_found, "there is no such event to reply to", "reply_to");
    const bool had_read_all = command.by.signed_in() && has_read_all(set, command.by.user, *room);
    const protocol::event& said =
        set.append(command.room, event_of(command.by.user, std::move(message), command.nonce));
    if (had_read_all) set.set_read(command.by.user, command.room, top_of(*room));
    return of_event(*room, said);
}

refusal no_such_message() {
    return refused(error_code::not_found, "there is no such message", "target");
}

// A name for one connection proves nothing, and a guest's may have been another's before.
bool is_author(const working_set& set, const protocol::event& message, const identity& by) {
    if (message.author != by.user || !by.signed_in()) return false;
    return !by.guest || message.at >= set.began_at(by.session);
}

std::optional<refusal> refuse_edit(const working_set& set, const protocol::event* message,
                                   const edit_message& command) {
    if (!message) return no_such_message();
    if (!is_author(set, *message, command.by))
        return refused(error_code::forbidden, "only its author edits a message", "target");
    const auto& folded = *protocol::as<protocol::message>(*message);
    if (!folded.text) return refused(error_code::gone, "the message was deleted", "target");
    const std::uint64_t rev = protocol::rev_of(*message);
    if (rev == command.base) return std::nullopt;
    refusal out = refused(error_code::conflict, "the message was edited meanwhile", "base");
    out.rev = rev;
    return out;
}

outcome judge_one(working_set& set, const edit_message& command) {
    if (auto why = refuse_speaker(set, command.by)) return *why;
    const room_row* const room = set.room(command.room);
    if (auto why = refuse_entry(room, command.by.user)) return *why;
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

// ---- people

std::optional<refusal> refuse_one_more_person(const working_set& set) {
    if (set.server().people < people_max) return std::nullopt;
    return refused(error_code::limit, "this server has reached its limit of people", "");
}

std::optional<refusal> refuse_new_person(const std::string& user) {
    const std::string name(protocol::bare_name(user));
    if (!protocol::obeys(protocol::user_name, name))
        return refused(error_code::bad_field, "a name has 2 to 32 of a-z 0-9 . _ -", "user");
    if (protocol::is_reserved_name(name))
        return refused(error_code::conflict, "this name is reserved", "user");
    return refuse_new_name(name, "user");
}

std::string open(working_set& set, const new_session& session) {
    return set.open_session(session.user, session.token_hash, session.client, session_lifetime_ms);
}

// The first session of a person who has just come, or of a guest who takes a free name again.
receipt welcome(working_set& set, const new_session& session) {
    const std::string lobby(protocol::lobby);
    if (protocol::is_guest(session.user)) set.report_taken(session.user);
    receipt out = of_session(set, open(set, session));
    if (!set.read_mark(session.user, lobby)) join(set, lobby, session.user);
    return out;
}

std::vector<std::string> expired_sessions(const person_row& person, time_ms now) {
    std::vector<std::string> names;
    for (const session_row& session : person.sessions)
        if (session.expires <= now) names.push_back(session.name);
    return names;
}

// Those that were unused for longest, so that there is room for one more.
std::vector<std::string> surplus_sessions(const person_row& person) {
    std::vector<const session_row*> newest_first;
    for (const session_row& session : person.sessions) newest_first.push_back(&session);
    std::stable_sort(newest_first.begin(), newest_first.end(), [](const auto* a, const auto* b) {
        return a->seen != b->seen ? a->seen > b->seen : a->since > b->since;
    });
    std::vector<std::string> names;
    for (std::size_t i = limits::sessions_max - 1; i < newest_first.size(); ++i)
        names.push_back(newest_first[i]->name);
    return names;
}

void end_all(working_set& set, const std::string& user, const std::vector<std::string>& sessions) {
    for (const std::string& session : sessions) set.end_session(user, session);
}

outcome judge_one(working_set& set, const add_account& command) {
    ensure(!protocol::is_guest(command.session.user));
    if (set.person(command.session.user)) return name_is_taken();
    if (auto why = refuse_new_person(command.session.user)) return *why;
    if (auto why = refuse_one_more_person(set)) return *why;
    set.create_person(command.session.user, {.kind = person_kind::account,
                                             .display_name = command.display_name,
                                             .password_hash = command.password_hash,
                                             .owner = !set.server().has_owner});
    return welcome(set, command.session);
}

// A guest's name that was given up starts anew: its rooms were the former guest's.
outcome judge_one(working_set& set, const add_guest& command) {
    const std::string& user = command.session.user;
    ensure(protocol::is_guest(user));
    const person_row* const former = set.person(user);
    if (former && former->kind != person_kind::guest) return name_is_taken();
    const auto ended = former ? expired_sessions(*former, set.now()) : std::vector<std::string>();
    if (former && ended.size() < former->sessions.size()) return name_is_taken();
    if (auto why = former ? std::nullopt : refuse_new_person(user)) return *why;
    if (auto why = former ? std::nullopt : refuse_one_more_person(set)) return *why;
    end_all(set, user, ended);
    const std::vector<std::string> rooms = set.list_of(user);
    for (const std::string& room : rooms)
        if (!set.room(room)->is_direct()) leave(set, room, user);
    if (!former)
        set.create_person(user, {.kind = person_kind::guest,
                                 .display_name = std::string(protocol::bare_name(user))});
    return welcome(set, command.session);
}

outcome judge_one(working_set& set, const open_session& command) {
    const std::string& user = command.session.user;
    const person_row* const person = set.person(user);
    if (!is_account(person)) return no_such_account("user");
    end_all(set, user, expired_sessions(*person, set.now()));
    for (const std::string& session : surplus_sessions(*person)) {
        set.end_session(user, session);
        set.report_ended(session);
    }
    return of_session(set, open(set, command.session));
}

outcome judge_one(working_set& set, const end_session& command) {
    const person_row* const person = set.person(command.user);
    const auto has_it = [&](const session_row& one) { return one.name == command.session; };
    if (!person || std::none_of(person->sessions.begin(), person->sessions.end(), has_it))
        return refused(error_code::not_found, "you have no such session", "session");
    set.end_session(command.user, command.session);
    set.report_ended(command.session);
    return of_session(set, command.session);
}

outcome judge_one(working_set& set, const use_sessions& command) {
    for (const std::string& session : command.sessions)
        set.touch_session(session, session_lifetime_ms);
    return receipt{};
}

}  // namespace

outcome judge(working_set& set, const command& each) {
    return std::visit([&set](const auto& one) -> outcome { return judge_one(set, one); }, each);
}

std::optional<refusal> refuse_entry(const room_row* room, const std::string& user) {
    if (room && room->admits(user)) return std::nullopt;
    return no_such_room();
}

}  // namespace parley::chat
