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

void map_ledger::ask(chat::query what, std::function<void(chat::answer)> done) {
    const bool is_page = std::holds_alternative<chat::read_page>(what) ||
                         std::holds_alternative<chat::read_run>(what);
    asked.pages += is_page ? 1 : 0;
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
    done_.push_back([this, answers = std::move(answers), fresh = std::exchange(fresh_, {})] {
        announcer_.committed(fresh, [&answers] {
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
    for (const auto& [user, room] : set.direct_members()) {
        load_member(user, room);
        set.load_person(user, find_person(user));
    }
    for (const chat::event_key& key : keys.messages) set.load_message(key, find_message(key));
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
    if (found == people_.end())
        return open_to_all_ ? std::optional(chat::person_row{}) : std::nullopt;
    chat::person_row out = found->second;
    out.rooms = rooms_of(user).size();
    return out;
}

void map_ledger::load_session(const std::string& session, chat::working_set& set) const {
    if (open_to_all_) return set.load_session(session, 0, at + 1);
    for (const auto& [user, person] : people_)
        for (const auto& one : person.sessions)
            if (one.name == session) set.load_session(session, one.since, one.expires);
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
void map_ledger::write(const chat::working_set&, const chat::blank_message& change) {
    for (protocol::event& event : rooms_.at(change.message.room).events) {
        auto* const message = protocol::as<protocol::message>(event);
        auto* const edit = protocol::as<protocol::edited>(event);
        if (message && event.seq == change.message.seq) message->text.reset();
        if (edit && edit->target == change.message.seq) edit->text.reset();
    }
}
// Its folds are made anew from the log.
void map_ledger::write(const chat::working_set&, const chat::update_fold&) {}
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

std::optional<chat::refusal> map_ledger::refuse_entry(const std::string& room,
                                                      const chat::identity& who) const {
    const auto found = rooms_.find(room);
    return chat::refuse_entry(found == rooms_.end() ? nullptr : &found->second.row, who);
}

chat::answer map_ledger::find(const chat::read_page& wanted) const {
    using where = chat::read_page::direction;
    if (const auto why = refuse_entry(wanted.room, wanted.by)) return *why;
    const stored_room& stored = rooms_.at(wanted.room);
    const std::uint64_t top = stored.row.top, limit = wanted.limit;
    const bool upwards = wanted.where == where::after;
    chat::page out = page_of(stored, 1, top);
    if (wanted.where == where::before)
        out.to = std::min(top, std::max<std::uint64_t>(wanted.seq, 1) - 1);
    if (upwards) out.from = std::min(wanted.seq, top) + 1;
    std::deque<protocol::event> entries;
    for (std::uint64_t seq = out.from; seq <= out.to; ++seq)
        if (const auto& event = stored.events[seq - 1]; protocol::is_entry(event))
            entries.push_back(folded(stored, event));
    while (entries.size() > limit) upwards ? entries.pop_back() : entries.pop_front();
    if (entries.size() == limit && upwards && entries.back().seq < stored.row.entry)
        out.to = entries.back().seq;
    if (entries.size() == limit && !upwards && entries.front().seq > 1)
        out.from = entries.front().seq;
    out.events.assign(entries.begin(), entries.end());
    for (protocol::event& event : out.events) fold::show_to(event, wanted.by.user);
    out.more = upwards ? out.to < top : out.from > 1;
    return out;
}

chat::answer map_ledger::find(const chat::read_run& wanted) const {
    if (const auto why = refuse_entry(wanted.room, wanted.by)) return *why;
    const stored_room& stored = rooms_.at(wanted.room);
    chat::page out = page_of(stored, std::min(wanted.seq, stored.row.top) + 1, stored.row.top);
    out.to = std::min(out.to, out.from + wanted.limit - 1);
    for (std::uint64_t seq = out.from; seq <= out.to; ++seq)
        out.events.push_back(folded(stored, stored.events[seq - 1]));
    for (protocol::event& event : out.events) fold::show_to(event, wanted.by.user);
    out.more = out.to < out.top;
    return out;
}

chat::answer map_ledger::find(const chat::read_versions& wanted) const {
    if (const auto why = refuse_entry(wanted.room, wanted.by)) return *why;
    const auto message = find_message({.room = wanted.room, .seq = wanted.target});
    if (!message) return refused(error_code::not_found);
    if (protocol::text_of(*message).empty()) return refused(error_code::gone);
    chat::version_list list;
    for (const protocol::event& event : rooms_.at(wanted.room).events)
        if (event.seq == wanted.target || protocol::target_of(event.body) == wanted.target)
            if (const auto text = protocol::text_of(event); !text.empty())
                list.versions.push_back(
                    {.rev = event.seq, .at = event.at, .text = std::string(text)});
    return list;
}

chat::page map_ledger::page_of(const stored_room& stored, std::uint64_t from, std::uint64_t to) {
    const chat::room_row& row = stored.row;
    return {.epoch = row.epoch,
            .top = row.top,
            .said = row.said,
            .shrunk = row.shrunk,
            .from = from,
            .to = to,
            .events = {},
            .more = false};
}

std::uint64_t map_ledger::unread(const std::string& room, const std::string& user) const {
    const stored_room& stored = rooms_.at(room);
    std::uint64_t count = 0;
    for (const protocol::event& event : stored.events)
        if (event.seq > stored.read_by.at(user).seq && event.author != user &&
            protocol::counts_as_unread(event.body) &&
            !protocol::text_of(folded(stored, event)).empty())
            ++count;
    return count;
}

protocol::room_summary map_ledger::summary_of(const stored_room& stored,
                                              const chat::identity& by) const {
    const auto member = stored.read_by.find(by.user);
    const bool joined = by.signed_in() && member != stored.read_by.end();
    protocol::room_summary out = chat::summary_of(
        stored.row, by.user, joined ? std::optional(member->second) : std::nullopt);
    if (joined) out.unread = unread(stored.row.name, by.user);
    return out;
}

chat::answer map_ledger::find(const chat::read_counts& wanted) const {
    chat::room_counts out;
    for (const std::string& name : wanted.rooms) {
        const auto found = rooms_.find(name);
        if (found == rooms_.end()) continue;
        const auto summary = summary_of(found->second, wanted.by);
        if (!summary.joined || chat::refuse_entry(&found->second.row, wanted.by)) continue;
        out.counts.push_back(
            {.room = name, .unread = summary.unread, .said = summary.said, .read = summary.read});
    }
    return out;
}

chat::answer map_ledger::find(const chat::read_rooms& wanted) const {
    chat::room_list list;
    for (const auto& [name, stored] : rooms_) {
        const bool also =
            std::find(wanted.also.begin(), wanted.also.end(), name) != wanted.also.end();
        const bool joined = wanted.by.signed_in() && stored.read_by.contains(wanted.by.user);
        if ((!joined && !also) || chat::refuse_entry(&stored.row, wanted.by)) continue;
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
