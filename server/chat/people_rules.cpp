// People: accounts, guests and their sessions.
#include "server/chat/judging.hpp"
#include "server/chat/rules.hpp"
#include "shared/ensure.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/names.hpp"
#include "shared/protocol/text.hpp"
#include "shared/protocol/vocabulary.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace parley::chat::judging {

using protocol::error_code;
namespace limits = protocol::limits;

namespace {

refusal name_is_taken() { return refused(error_code::conflict, "this name is taken", "user"); }

receipt of_session(const working_set& set, std::string session) {
    return {
        .seq = 0, .at = set.now(), .epoch = 0, .top = 0, .said = 0, .session = std::move(session)};
}

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

}  // namespace

template <>
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
template <>
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
    for (const std::string& room : rooms) leave(set, room, user);
    if (former) set.forget_records(user);
    if (!former)
        set.create_person(user, {.kind = person_kind::guest,
                                 .display_name = std::string(protocol::bare_name(user))});
    return welcome(set, command.session);
}

template <>
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

template <>
outcome judge_one(working_set& set, const end_session& command) {
    const person_row* const person = set.person(command.user);
    const auto has_it = [&](const session_row& one) { return one.name == command.session; };
    if (!person || std::none_of(person->sessions.begin(), person->sessions.end(), has_it))
        return refused(error_code::not_found, "you have no such session", "session");
    set.end_session(command.user, command.session);
    set.report_ended(command.session);
    return of_session(set, command.session);
}

template <>
outcome judge_one(working_set& set, const use_sessions& command) {
    for (const std::string& session : command.sessions)
        set.touch_session(session, session_lifetime_ms);
    return receipt{};
}

}  // namespace parley::chat::judging
