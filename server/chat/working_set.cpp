// Every change is made to the row and noted for the ledger in one step.
#include "server/chat/working_set.hpp"

#include "shared/ensure.hpp"
#include "shared/fold/fold.hpp"
#include "shared/protocol/codec.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>

namespace parley::chat {
namespace {

time_ms time_after(time_ms newest, time_ms now) {
    const bool corrected = now < newest && newest - now <= clock_correction_max_ms;
    return corrected ? newest : now;
}

template <class Map, class Key>
auto& loaded(Map& rows, const Key& key) {
    const auto found = rows.find(key);
    ensure(found != rows.end());  // keys_of names it
    return found->second;
}

}  // namespace

// A guest's name is nobody's, so it lets nobody in.
bool room_row::admits(const identity& who) const {
    if (!is_direct()) return true;
    return !who.guest && std::find(people.begin(), people.end(), who.user) != people.end();
}

std::vector<std::string> row_keys::logs() const {
    std::vector<std::string> users = people;
    for (const auto& [user, room] : members) users.push_back(user);
    for (const record_key& record : records) users.push_back(record.user);
    return users;
}

// ---- loading

void working_set::load_room(const std::string& name, std::optional<room_row> row) {
    rooms_.try_emplace(name, known_room{.row = std::move(row)});
}

void working_set::load_direct_room(const std::vector<std::string>& people,
                                   std::optional<room_row> row) {
    const std::string name = row ? row->name : "";
    direct_rooms_.try_emplace(people, name);
    if (row) load_room(name, std::move(row));
}

std::vector<std::pair<std::string, std::string>> working_set::direct_members() const {
    std::vector<pair_key> out;
    for (const auto& [name, known] : rooms_)
        if (known.row)
            for (const std::string& user : known.row->people) out.emplace_back(user, name);
    return out;
}

void working_set::load_person(const std::string& user, const std::optional<person_row>& row) {
    people_.try_emplace(user, row);
}

void working_set::load_member(const std::string& user, const std::string& room,
                              std::optional<read_position> read) {
    members_.try_emplace({user, room}, member{.read = read});
}

void working_set::load_message(const event_key& key, std::optional<protocol::event> folded) {
    messages_.try_emplace(key, known_message{.folded = std::move(folded)});
}

void working_set::load_nonce(const std::string& author, const std::string& nonce,
                             std::optional<spoken> first) {
    auto& known = nonces_.try_emplace({author, nonce}).first->second;
    if (first) known = std::move(*first);
}

void working_set::load_list(const std::string& user, const std::vector<std::string>& rooms) {
    lists_.try_emplace(user, rooms);
}

void working_set::load_log(const std::string& user, std::optional<log_row> row) {
    logs_.try_emplace(user, known_log{.row = row});
}

void working_set::load_record(const record_key& key, std::optional<protocol::personal_body> body) {
    if (body && protocol::is_gone(*body)) body.reset();
    records_.try_emplace(key, std::move(body));
}

// ---- reading

const room_row* working_set::room(const std::string& name) const {
    const auto& row = loaded(rooms_, name).row;
    return row ? &*row : nullptr;
}

const room_row* working_set::direct_room(const std::vector<std::string>& people) const {
    const std::string& name = loaded(direct_rooms_, people);
    return name.empty() ? nullptr : room(name);
}

const person_row* working_set::person(const std::string& user) const {
    const auto& row = loaded(people_, user);
    return row ? &*row : nullptr;
}

std::optional<read_position> working_set::read_mark(const std::string& user,
                                                    const std::string& room) const {
    return loaded(members_, pair_key(user, room)).read;
}

const protocol::event* working_set::message(const event_key& key) const {
    const auto& folded = loaded(messages_, key).folded;
    return folded ? &*folded : nullptr;
}

std::uint64_t working_set::said_by(const event_key& key) const {
    const room_row& row = loaded(rooms_, key.room).row.value();
    if (key.seq >= row.top) return row.said;
    std::uint64_t said = row.said;
    for (auto one = news_.events.rbegin(); one != news_.events.rend(); ++one) {
        if (one->room != key.room) continue;
        if (one->event.seq <= key.seq) return said;
        if (one->event.said) said = *one->event.said - 1;
    }
    const auto known = positions_.find(key);
    return known != positions_.end() ? known->second : said;
}

std::optional<first_said> working_set::first_under(const std::string& author,
                                                   const std::string& nonce) const {
    const auto known = nonces_.find({author, nonce});
    if (known == nonces_.end()) return std::nullopt;
    if (const auto* const stored = std::get_if<spoken>(&known->second))
        return first_said{.room = stored->room, .event = stored->event};
    if (const auto* const index = std::get_if<by_index>(&known->second))
        return first_said{.room = news_.events[*index].room, .event = news_.events[*index].event};
    return std::nullopt;
}

const std::vector<std::string>& working_set::list_of(const std::string& user) const {
    return loaded(lists_, user);
}

const log_row& working_set::log_of(const std::string& user) const {
    const auto& row = loaded(logs_, user).row;
    ensure(row.has_value());
    return *row;
}

const protocol::personal_body* working_set::record(const record_key& key) const {
    const auto& body = loaded(records_, key);
    return body ? &*body : nullptr;
}

const server_row& working_set::server() const {
    ensure(server_.has_value());
    return *server_;
}

time_ms working_set::began_at(const std::string& session) const { return loaded(live_, session); }

// ---- changing

void working_set::create_room(room_row room) {
    known_room& known = loaded(rooms_, room.name);
    ensure(!known.row);
    ++server_.value().rooms;
    changes_.push_back(insert_room{room});
    if (room.is_direct()) loaded(direct_rooms_, room.people) = room.name;
    for (const std::string& user : room.people) members_.try_emplace({user, room.name});
    known.row = std::move(room);
}

const protocol::event& working_set::append(const std::string& room, protocol::event event) {
    known_room& known = loaded(rooms_, room);
    ensure(known.row.has_value());
    room_row& row = *known.row;
    event.seq = ++row.top;
    event.at = row.top_at = time_after(row.top_at, now_);
    known.grew = true;
    if (protocol::counts_as_unread(event.body)) event.said = ++row.said;
    if (const auto target = protocol::target_of(event.body)) {
        known_message& changed = loaded(messages_, event_key{room, *target});
        protocol::event& folded = changed.folded.value();
        row.pinned -= protocol::is_pinned(folded) ? 1 : 0;
        fold::apply(folded, event);
        row.pinned += protocol::is_pinned(folded) ? 1 : 0;
        changed.changed = true;
        if (protocol::is_deletion(event.body)) row.shrunk = event.seq;
    } else {
        row.entry = event.seq;
    }
    // A later command of the group may name it.
    if (const auto named = messages_.empty() ? messages_.end() : messages_.find({room, event.seq});
        named != messages_.end())
        if (protocol::as<protocol::message>(event)) named->second.folded = event;
    const std::size_t index = news_.events.size();
    if (event.nonce) nonces_[{event.author, *event.nonce}] = index;
    changes_.push_back(insert_event{.index = index, .said = row.said, .entry = row.entry});
    return news_.events
        .emplace_back(committed_event{.room = room, .epoch = row.epoch, .event = std::move(event)})
        .event;
}

const protocol::event_body& working_set::wording(const event_key& key) const {
    for (auto one = news_.events.rbegin(); one != news_.events.rend(); ++one)
        if (one->room == key.room && one->event.seq == key.seq) return one->event.body;
    return loaded(wordings_, key);
}

void working_set::blank(const event_key& message) {
    std::optional<std::uint64_t> seq = protocol::rev_of(*this->message(message));
    while (seq) {
        const event_key key{.room = message.room, .seq = *seq};
        protocol::event_body body = wording(key);
        seq = protocol::wording_before(body);
        ensure(!seq || *seq < key.seq);
        fold::blank(body);
        changes_.push_back(update_body{.event = key, .body = std::move(body)});
    }
}

void working_set::add_member(const std::string& user, const std::string& room) {
    const room_row& row = loaded(rooms_, room).row.value();
    const read_position read{.seq = row.top, .said = row.said};
    loaded(members_, pair_key(user, room)) = member{.read = read};
    if (const auto known = people_.find(user); known != people_.end() && known->second)
        ++known->second->rooms;
    if (const auto list = lists_.find(user); list != lists_.end()) list->second.push_back(room);
    changes_.push_back(insert_member{.room = room, .user = user, .read = read});
    report(user, protocol::membership{.room = room, .on = true}, summary_of(row, user, read));
}

void working_set::remove_member(const std::string& user, const std::string& room) {
    loaded(members_, pair_key(user, room)) = member{};
    if (const auto known = people_.find(user); known != people_.end() && known->second)
        --known->second->rooms;
    if (const auto list = lists_.find(user); list != lists_.end()) std::erase(list->second, room);
    changes_.push_back(delete_member{.room = room, .user = user});
    report(user, protocol::membership{.room = room, .on = false});
}

void working_set::set_read(const std::string& user, const std::string& room, read_position read) {
    member& known = loaded(members_, pair_key(user, room));
    known.moved = known.moved || known.read.value().seq != read.seq;
    known.read = read;
    report(user, protocol::read_mark{.room = room, .seq = read.seq, .said = read.said});
}

void working_set::report(const std::string& user, protocol::personal_body body,
                         std::optional<protocol::room_summary> room) {
    known_log& log = loaded(logs_, user);
    log.grew = true;
    news_.personal.push_back({.user = user,
                              .seq = ++log.row.value().seq,
                              .record = {.body = std::move(body)},
                              .room = std::move(room)});
}

void working_set::keep(const std::string& user, protocol::personal_body body) {
    const record_key key = key_of(user, body);
    std::optional<protocol::personal_body>& known = loaded(records_, key);
    log_row& log = loaded(logs_, user).row.value();
    const bool is_gone = protocol::is_gone(body);
    if (known) log.bytes -= protocol::personal_weight(*known);
    if (!is_gone) log.bytes += protocol::personal_weight(body);
    known = is_gone ? std::nullopt : std::optional(body);
    report(user, body);
    const std::uint64_t window = protocol::limits::personal_log_window;
    changes_.push_back(update_record{.user = user,
                                     .seq = log.seq,
                                     .body = std::move(body),
                                     .traces_until = log.seq - std::min(log.seq, window)});
}

void working_set::forget_records(const std::string& user) {
    known_log& log = loaded(logs_, user);
    log = {.row = log_row{.seq = log.row.value().seq + protocol::limits::personal_log_window + 1},
           .grew = true};
    for (auto& [key, body] : records_)
        if (key.user == user) body.reset();
    changes_.push_back(delete_records{.user = user});
}

void working_set::create_person(const std::string& user, person_row person) {
    ++server_.value().people;
    if (person.owner) server_->has_owner = true;
    changes_.push_back(insert_person{.user = user, .person = person});
    // Above whatever a device may hold of somebody who had this name, here or on other data: logs
    // grow more slowly than the clock.
    loaded(logs_, user) = {.row = log_row{.seq = std::max(server_->epoch, now_)}, .grew = true};
    loaded(people_, user) = std::move(person);
}

std::string working_set::open_session(const std::string& user, const std::string& token_hash,
                                      const std::string& client, time_ms lifetime) {
    session_row session{.name = make_session_name_(),
                        .token_hash = token_hash,
                        .client = client,
                        .since = now_,
                        .seen = now_,
                        .expires = now_ + lifetime};
    changes_.push_back(insert_session{.user = user, .session = session});
    live_[session.name] = now_;
    auto& sessions = loaded(people_, user).value().sessions;
    return sessions.emplace_back(std::move(session)).name;
}

void working_set::end_session(const std::string& user, const std::string& session) {
    std::erase_if(loaded(people_, user).value().sessions,
                  [&](const session_row& one) { return one.name == session; });
    live_.erase(session);
    changes_.push_back(delete_session{session});
}

void working_set::touch_session(const std::string& session, time_ms lifetime) {
    changes_.push_back(
        chat::touch_session{.session = session, .seen = now_, .expires = now_ + lifetime});
}

std::vector<row_change> working_set::take_changes() {
    for (auto& [name, known] : rooms_)
        if (std::exchange(known.grew, false)) changes_.push_back(update_top{.room = name});
    for (auto& [key, one] : members_)
        if (std::exchange(one.moved, false))
            changes_.push_back(
                update_read{.room = key.second, .user = key.first, .read = one.read.value()});
    for (auto& [user, known] : logs_)
        if (std::exchange(known.grew, false)) changes_.push_back(update_log{.user = user});
    for (auto& [key, one] : messages_)
        if (std::exchange(one.changed, false)) changes_.push_back(update_fold{.message = key});
    return std::exchange(changes_, {});
}

// A direct room is called by the others' names, as many as a title holds.
static std::string title_of(const room_row& room, const std::string& user) {
    if (!room.is_direct()) return room.title;
    std::string title;
    for (const std::string& person : room.people) {
        if (person == user) continue;
        std::string longer = title;
        if (!longer.empty()) longer += ", ";
        longer += person;
        if (longer.size() <= protocol::limits::title_bytes_max) title = std::move(longer);
    }
    return title;
}

protocol::room_summary summary_of(const room_row& room, const std::string& user,
                                  const std::optional<read_position>& read) {
    const std::string_view kind =
        room.is_direct() ? protocol::room_kind::direct : protocol::room_kind::open;
    return {.room = room.name,
            .title = title_of(room, user),
            .kind = std::string(kind),
            .epoch = room.epoch,
            .top = room.top,
            .said = room.said,
            .shrunk = room.shrunk > 0 ? std::optional(room.shrunk) : std::nullopt,
            .read = read ? read->seq : room.top,
            .unread = 0,
            .joined = read.has_value(),
            .people = room.people,
            .resync = {}};
}

}  // namespace parley::chat
