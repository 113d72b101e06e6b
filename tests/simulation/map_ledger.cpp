// Every command is a group of its own.
#include "tests/simulation/map_ledger.hpp"

#include "shared/protocol/names.hpp"

#include <algorithm>

namespace parley::simulation {
namespace {

using protocol::error_code;

constexpr std::uint64_t at = 1'795'132'800'000;

// REQUIRES: there is one.
template <class T>
T taken(std::deque<T>& from, std::size_t any) {
    const auto one = from.begin() + static_cast<std::ptrdiff_t>(any % from.size());
    T out = std::move(*one);
    from.erase(one);
    return out;
}

}  // namespace

chat::refusal map_ledger::refused(error_code code) { return {code, "refused", "", 0}; }

map_ledger::map_ledger(chat::bus& others, bool open_to_all)
    : announcer_(others, batches_), open_to_all_(open_to_all) {
    chat::working_set set(at, {});
    set.load_server({.epoch = 1});
    set.load_room("lobby", std::nullopt);
    set.create_room(
        {.name = "lobby", .title = "Lobby", .epoch = 1, .created_at = at, .created_by = "parley"});
    protocol::event created;
    created.author = "parley";
    created.body = protocol::created{.title = "Lobby"};
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

void map_ledger::look_up(chat::query wanted, std::function<void(chat::any_answer)> done) {
    const bool is_page = std::holds_alternative<chat::read_page>(wanted) ||
                         std::holds_alternative<chat::read_run>(wanted);
    asked.pages += is_page ? 1 : 0;
    asked.lists += std::holds_alternative<chat::read_rooms>(wanted) ? 1 : 0;
    const auto* const page = std::get_if<chat::read_page>(&wanted);
    const bool is_later = (page && page->where != chat::read_page::direction::newest) ||
                          std::holds_alternative<chat::read_counts>(wanted);
    queries_.push_back(
        [this, is_later, wanted = std::move(wanted), done = std::move(done)]() -> answering {
            if (refuses && refuses()) return [done] { done(refused(error_code::busy)); };
            auto found = std::visit(
                [this]<class Query>(const Query& one) { return chat::widen<Query>(find(one)); },
                wanted);
            auto answer = [done, found = std::move(found)] { done(found); };
            if (!is_later) return answer;
            pages_.emplace_back(std::move(answer));
            return {};
        });
}

bool map_ledger::step() {
    return write(1) || read(0) || answer_oldest() || answer_query(0) || answer_page(0);
}

bool map_ledger::write(std::size_t group) {
    if (waiting_.empty()) return false;
    std::vector<answering> answers;
    while (!waiting_.empty() && answers.size() < group) {
        answers.push_back(waiting_.front()());
        waiting_.pop_front();
    }
    done_.push_back([this, answers = std::move(answers), fresh = std::exchange(fresh_, {})] {
        announcer_.committed(fresh, [&answers] {
            for (const auto& each : answers) each();
        });
    });
    return true;
}

bool map_ledger::read(std::size_t any) {
    if (queries_.empty()) return false;
    if (answering answer = taken(queries_, any)()) found_.push_back(std::move(answer));
    return true;
}

bool map_ledger::answer_page(std::size_t any) {
    if (pages_.empty()) return false;
    taken(pages_, any)();
    return true;
}

bool map_ledger::answer_query(std::size_t any) {
    if (found_.empty()) return false;
    taken(found_, any)();
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
    queries_.clear();
    found_.clear();
    pages_.clear();
}

void map_ledger::say(const std::string& room, const std::string& author, const std::string& text,
                     bool hint_lost) {
    happen(test::send(room, test::by(author), "said-" + std::to_string(++said_), text, {}),
           hint_lost);
}

void map_ledger::happen(const chat::command& command, bool hint_lost) {
    carry_out(command);
    chat::commit fresh = std::exchange(fresh_, {});
    if (hint_lost) return;
    auto announce = [this, fresh = std::move(fresh)] { announcer_.committed(fresh, [] {}); };
    if (done_.empty()) return announce();
    done_.push_back(std::move(announce));  // commits are announced in their order
}

std::uint64_t map_ledger::read_by(const std::string& room, const std::string& user) const {
    const auto& members = rooms_.at(room).read_by;
    const auto found = members.find(user);
    return found == members.end() ? 0 : found->second.seq;
}

std::vector<std::string> map_ledger::rooms() const {
    std::vector<std::string> names;
    for (const auto& [name, stored] : rooms_) names.push_back(name);
    return names;
}

bool map_ledger::admits(const std::string& room, const std::string& user) const {
    return !has_room(room) || row(room).admits(test::by(user));
}

bool map_ledger::is_member(const std::string& room, const std::string& user) const {
    return has_room(room) && rooms_.at(room).read_by.contains(user);
}

std::uint64_t map_ledger::said_when_left(const std::string& room, const std::string& user) const {
    const auto& left_at = rooms_.at(room).left_at;
    const auto found = left_at.find(user);
    return found == left_at.end() ? 0 : found->second;
}

void map_ledger::join(const std::string& room, const std::string& user) {
    rooms_.at(room).read_by.try_emplace(user);
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
    chat::commit news = set.take_news();
    for (auto& event : news.events) fresh_.events.push_back(std::move(event));
    for (auto& change : news.personal) fresh_.personal.push_back(std::move(change));
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
    for (const auto& people : keys.direct_rooms)
        set.load_direct_room(people, find_direct_room(people));
    for (const std::string& user : keys.people) set.load_person(user, find_person(user));
    for (const auto& [user, room] : keys.members) load_member(user, room);
    for (const std::string& user : keys.logs()) load_log(user, set);
    for (const chat::record_key& key : keys.records) load_record(key, set);
    for (const auto& [user, room] : set.direct_members()) {
        load_log(user, set);
        load_member(user, room);
        set.load_person(user, find_person(user));
    }
    for (const chat::event_key& key : keys.messages) set.load_message(key, find_message(key));
    for (const chat::wordings_key& key : keys.wordings) load_wordings(key, set);
    for (const chat::event_key& key : keys.positions)
        if (rooms_.contains(key.room)) set.load_position(key, said_by(key));
    for (const std::string& session : keys.sessions) load_session(session, set);
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

std::optional<chat::room_row> map_ledger::find_direct_room(
    const std::vector<std::string>& people) const {
    for (const auto& [name, stored] : rooms_)
        if (stored.row.people == people) return stored.row;
    return std::nullopt;
}

std::optional<protocol::event> map_ledger::find_message(const chat::event_key& key) const {
    const auto room = rooms_.find(key.room);
    if (room == rooms_.end() || key.seq == 0 || key.seq > room->second.events.size())
        return std::nullopt;
    const protocol::event event = folded(room->second, room->second.events[key.seq - 1]);
    return protocol::as<protocol::message>(event) ? std::optional(event) : std::nullopt;
}

std::uint64_t map_ledger::said_by(const chat::event_key& key) const {
    std::uint64_t said = 0;
    for (const protocol::event& event : rooms_.at(key.room).events)
        if (event.seq <= key.seq && event.said) said = *event.said;
    return said;
}

// As the message is now: all its changes folded anew, which is what the twins keep in a row.
protocol::event map_ledger::folded(const stored_room& stored, protocol::event event) {
    if (!protocol::as<protocol::message>(event)) return event;
    for (const protocol::event& change : stored.events)
        if (protocol::target_of(change.body) == event.seq) fold::apply(event, change);
    return event;
}

std::optional<chat::person_row> map_ledger::find_person(const std::string& user) const {
    const auto found = people_.find(user);
    using kind = chat::person_kind;
    const chat::person_row unknown{.kind = protocol::is_guest(user) ? kind::guest : kind::account};
    if (found == people_.end()) return open_to_all_ ? std::optional(unknown) : std::nullopt;
    chat::person_row out = found->second;
    out.rooms = rooms_of(user).size();
    return out;
}

void map_ledger::load_wordings(const chat::wordings_key& key, chat::working_set& set) const {
    const auto& [room, target] = key.message;
    const protocol::event* const message = set.message(key.message);
    if (!message || !key.concerns(*message)) return;
    for (const protocol::event& event : rooms_.at(room).events)
        if (event.seq == target || protocol::target_of(event.body) == target)
            set.load_wording({.room = room, .seq = event.seq}, event.body);
}

void map_ledger::load_session(const std::string& session, chat::working_set& set) const {
    if (open_to_all_) return set.load_session(session, 0, at + 1);
    if (const auto* const known = find_session(session))
        set.load_session(session, known->since, known->expires);
}

const chat::session_row* map_ledger::find_session(const std::string& name) const {
    for (const auto& [user, person] : people_)
        for (const chat::session_row& one : person.sessions)
            if (one.name == name) return &one;
    return nullptr;
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
void map_ledger::write(const chat::working_set& set, const chat::update_top& change) {
    const std::uint64_t id = rooms_.at(change.room).row.id;
    rooms_.at(change.room).row = *set.room(change.room);
    rooms_.at(change.room).row.id = id;
}
void map_ledger::write(const chat::working_set&, const chat::update_body& change) {
    rooms_.at(change.event.room).events.at(change.event.seq - 1).body = change.body;
}
// Its folds are made anew from the log.
void map_ledger::write(const chat::working_set&, const chat::update_fold&) {}
void map_ledger::write(const chat::working_set&, const chat::insert_person& change) {
    people_[change.user] = change.person;
}
void map_ledger::write(const chat::working_set&, const chat::insert_member& change) {
    rooms_.at(change.room).read_by[change.user] = change.read;
}
void map_ledger::write(const chat::working_set&, const chat::delete_member& change) {
    stored_room& stored = rooms_.at(change.room);
    stored.read_by.erase(change.user);
    stored.left_at[change.user] = stored.row.said;
}
void map_ledger::write(const chat::working_set&, const chat::update_read& change) {
    rooms_.at(change.room).read_by.at(change.user) = change.read;
}

}  // namespace parley::simulation
