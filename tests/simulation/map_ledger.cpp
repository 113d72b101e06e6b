// Every command is a group of its own.
#include "tests/simulation/map_ledger.hpp"

#include <algorithm>

namespace parley::simulation {
namespace {

using protocol::error_code;

constexpr std::uint64_t at = 1'795'132'800'000;

chat::refusal refused(error_code code) { return {code, "refused", "", 0}; }

}  // namespace

map_ledger::map_ledger(chat::bus& others, bool open_to_all)
    : announcer_(others, batches_), open_to_all_(open_to_all) {
    chat::working_set set(at, {});
    set.load_server({.epoch = 1});
    set.load_room("lobby", std::nullopt);
    set.create_room(
        {.name = "lobby", .title = "Lobby", .epoch = 1, .created_at = at, .created_by = "parley"});
    protocol::event created;
    created.author = "parley";
    created.kind = protocol::event_kind::created;
    created.text = "Lobby";
    set.append("lobby", std::move(created));
    for (const auto& change : set.take_changes())
        std::visit([&](const auto& one) { write(set, one); }, change);
    for (const char* name : {"parley", chat::unnamed_guest})
        people_[name] = {.kind = chat::person_kind::reserved};
}

void map_ledger::submit(chat::command what, std::function<void(chat::outcome)> done) {
    waiting_.push_back([this, what = std::move(what), done = std::move(done)]() -> answering {
        if (refuses && refuses()) return [done] { done(refused(error_code::busy)); };
        auto became = carry_out(what);
        return [done, became = std::move(became)] { done(became); };
    });
}

void map_ledger::ask(chat::query what, std::function<void(chat::answer)> done) {
    asked.pages += std::holds_alternative<chat::read_page>(what) ? 1 : 0;
    asked.lists += std::holds_alternative<chat::read_rooms>(what) ? 1 : 0;
    waiting_.push_back([this, what = std::move(what), done = std::move(done)]() -> answering {
        if (refuses && refuses()) return [done] { done(refused(error_code::busy)); };
        auto found = std::visit([this](const auto& one) { return find(one); }, what);
        return [done, found = std::move(found)] { done(found); };
    });
}

bool map_ledger::step(std::size_t group) {
    if (waiting_.empty()) return answer_oldest();
    std::vector<answering> answers;
    while (!waiting_.empty() && answers.size() < group) {
        answers.push_back(waiting_.front()());
        waiting_.pop_front();
    }
    done_.push_back([this, answers = std::move(answers), events = std::exchange(fresh_, {})] {
        announcer_.committed({.events = events}, [&answers] {
            for (const auto& each : answers) each();
        });
    });
    return true;
}

bool map_ledger::answer_oldest() {
    if (done_.empty()) return false;
    const auto answer = std::move(done_.front());
    done_.pop_front();
    answer();
    return true;
}

void map_ledger::crash() {
    waiting_.clear();
    done_.clear();
}

void map_ledger::say(const std::string& room, const std::string& author, const std::string& text,
                     bool hint_lost) {
    carry_out(chat::append{room, test::by(author), "said-" + std::to_string(++said_), text, {}});
    auto events = std::exchange(fresh_, {});
    if (!hint_lost) announcer_.committed({.events = std::move(events)}, [] {});
}

std::uint64_t map_ledger::read_by(const std::string& room, const std::string& user) const {
    const auto& members = rooms_.at(room).read_by;
    const auto found = members.find(user);
    return found == members.end() ? 0 : found->second;
}

// ---- one command

chat::outcome map_ledger::carry_out(const chat::command& command) {
    chat::row_keys keys;
    chat::add_keys(keys, command);
    chat::working_set set(at, [this] { return "session-" + std::to_string(++sessions_); });
    load(keys, set);
    chat::outcome out = chat::judge(set, command);
    for (const auto& change : set.take_changes())
        std::visit([&](const auto& one) { write(set, one); }, change);
    for (auto& event : set.take_news().events) fresh_.push_back(std::move(event));
    return out;
}

void map_ledger::load(const chat::row_keys& keys, chat::working_set& set) const {
    const auto load_member = [&](const std::string& user, const std::string& room) {
        const auto stored = rooms_.find(room);
        const bool member = stored != rooms_.end() && stored->second.read_by.contains(user);
        set.load_member(user, room,
                        member ? std::optional(stored->second.read_by.at(user)) : std::nullopt);
    };
    for (const std::string& name : keys.rooms) set.load_room(name, find_room(name));
    for (const std::string& user : keys.people) set.load_person(user, find_person(user));
    for (const auto& [user, room] : keys.members) load_member(user, room);
    for (const std::string& session : keys.sessions) set.load_session(session, expiry_of(session));
    for (const std::string& user : keys.lists) {
        for (const std::string& room : rooms_of(user)) {
            set.load_room(room, find_room(room));
            load_member(user, room);
        }
        set.load_list(user, rooms_of(user));
    }
    for (const auto& [author, nonce] : keys.nonces) {
        const auto first = nonces_.find({author, nonce});
        set.load_nonce(author, nonce,
                       first != nonces_.end() ? std::optional(first->second) : std::nullopt);
    }
    if (!keys.server) return;
    const bool owned = std::any_of(people_.begin(), people_.end(),
                                   [](const auto& one) { return one.second.owner; });
    set.load_server(
        {.rooms = rooms_.size(), .people = people_.size(), .epoch = 1, .has_owner = owned});
}

std::optional<chat::room_row> map_ledger::find_room(const std::string& name) const {
    const auto found = rooms_.find(name);
    return found != rooms_.end() ? std::optional(found->second.row) : std::nullopt;
}

std::optional<chat::person_row> map_ledger::find_person(const std::string& user) const {
    const auto found = people_.find(user);
    if (found == people_.end())
        return open_to_all_ ? std::optional(chat::person_row{}) : std::nullopt;
    chat::person_row out = found->second;
    out.rooms = rooms_of(user).size();
    return out;
}

base::time_ms map_ledger::expiry_of(const std::string& session) const {
    for (const auto& [user, person] : people_)
        for (const auto& one : person.sessions)
            if (one.name == session) return one.expires;
    return open_to_all_ ? at + 1 : 0;
}

std::vector<std::string> map_ledger::rooms_of(const std::string& user) const {
    std::vector<std::string> names;
    for (const auto& [name, stored] : rooms_)
        if (stored.read_by.contains(user)) names.push_back(name);
    return names;
}

void map_ledger::write(const chat::working_set& set, const chat::insert_event& change) {
    const chat::committed_event& one = set.news().events.at(change.index);
    rooms_.at(one.room).events.push_back(one.event);
    if (one.event.nonce)
        nonces_[{one.event.author, *one.event.nonce}] = {.room = one.room, .event = one.event};
}
void map_ledger::write(const chat::working_set&, const chat::insert_room& change) {
    rooms_[change.room.name].row = change.room;
    rooms_[change.room.name].row.id = rooms_.size();
}
void map_ledger::write(const chat::working_set&, const chat::update_top& change) {
    rooms_.at(change.room).row.top = change.top;
    rooms_.at(change.room).row.top_at = change.at;
}
void map_ledger::write(const chat::working_set&, const chat::insert_person& change) {
    people_[change.user] = change.person;
}
void map_ledger::write(const chat::working_set&, const chat::insert_session& change) {
    people_.at(change.user).sessions.push_back(change.session);
}
void map_ledger::write(const chat::working_set&, const chat::delete_session& change) {
    for (auto& [user, person] : people_)
        std::erase_if(person.sessions,
                      [&](const auto& session) { return session.name == change.session; });
}
void map_ledger::write(const chat::working_set&, const chat::touch_session& change) {
    for (auto& [user, person] : people_)
        for (auto& session : person.sessions)
            if (session.name == change.session) {
                session.seen = change.seen;
                session.expires = change.expires;
            }
}
void map_ledger::write(const chat::working_set&, const chat::insert_member& change) {
    rooms_.at(change.room).read_by[change.user] = change.read;
}
void map_ledger::write(const chat::working_set&, const chat::delete_member& change) {
    rooms_.at(change.room).read_by.erase(change.user);
}
void map_ledger::write(const chat::working_set&, const chat::update_read& change) {
    rooms_.at(change.room).read_by.at(change.user) = change.read;
}

// ---- queries

chat::answer map_ledger::find(const chat::read_page& wanted) const {
    using where = chat::read_page::direction;
    const auto found = rooms_.find(wanted.room);
    if (const auto why = chat::refuse_entry(found == rooms_.end() ? nullptr : &found->second.row,
                                            wanted.by.user))
        return *why;
    const auto& events = found->second.events;
    const std::size_t limit = wanted.limit, size = events.size();
    std::size_t first = size - std::min(size, limit), last = size;
    if (wanted.where == where::after)
        first = std::min<std::size_t>(size, wanted.seq), last = std::min(size, first + limit);
    if (wanted.where == where::before) {
        last = std::min<std::size_t>(size, wanted.seq > 0 ? wanted.seq - 1 : 0);
        first = last - std::min(last, limit);
    }
    const bool more = wanted.where == where::after ? last < size : first > 0;
    return chat::page{found->second.row.epoch,
                      size,
                      {events.begin() + static_cast<std::ptrdiff_t>(first),
                       events.begin() + static_cast<std::ptrdiff_t>(last)},
                      more};
}

protocol::room_summary map_ledger::summary_of(const stored_room& stored, const chat::identity& by) {
    const std::string& user = by.user;
    const auto member = stored.read_by.find(user);
    const bool joined = by.signed_in() && member != stored.read_by.end();
    const chat::room_row& room = stored.row;
    const auto other = [&] {
        return room.people.front() == user ? room.people.back() : room.people.front();
    };
    return {.room = room.name,
            .title = room.is_direct() ? other() : room.title,
            .epoch = room.epoch,
            .top = room.top,
            .read = joined ? member->second : room.top,
            .joined = joined,
            .direct = room.is_direct(),
            .resync = {}};
}

chat::answer map_ledger::find(const chat::read_rooms& wanted) const {
    chat::room_list list;
    for (const auto& [name, stored] : rooms_) {
        const bool also =
            std::find(wanted.also.begin(), wanted.also.end(), name) != wanted.also.end();
        const bool joined = wanted.by.signed_in() && stored.read_by.contains(wanted.by.user);
        if (!joined && !also) continue;
        if (chat::refuse_entry(&stored.row, wanted.by.user)) continue;
        list.rooms.push_back(summary_of(stored, wanted.by));
    }
    return list;
}

chat::answer map_ledger::find(const chat::read_public_rooms& wanted) const {
    chat::room_list list;
    for (const auto& [name, stored] : rooms_) {
        if (name <= wanted.after || stored.row.is_direct()) continue;
        list.rooms.push_back(summary_of(stored, wanted.by));
    }
    return list;
}

}  // namespace parley::simulation
