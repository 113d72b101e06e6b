// The port's rules, in their shortest form.
#include "tests/simulation/map_ledger.hpp"

#include <algorithm>

namespace parley::simulation {
namespace {

using protocol::error_code;

constexpr std::uint64_t at = 1'795'132'800'000;

chat::refusal refused(error_code code) { return {code, "refused", "", 0}; }

}  // namespace

map_ledger::map_ledger(chat::bus& others) : announcer_(others, batches_) {
    add("lobby", protocol::event_kind::created, "parley", "Lobby", "");
    fresh_.clear();
}

void map_ledger::submit(chat::command what, std::function<void(chat::outcome)> done) {
    waiting_.push_back([this, what = std::move(what), done = std::move(done)]() -> answering {
        if (refuses && refuses()) return [done] { done(refused(error_code::busy)); };
        auto became = std::visit([this](const auto& one) { return carry_out(one); }, what);
        return [done, became = std::move(became)] { done(became); };
    });
}

void map_ledger::ask(chat::query what, std::function<void(chat::answer)> done) {
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
    add(room, protocol::event_kind::message, author, text, "");
    auto events = std::exchange(fresh_, {});
    if (!hint_lost) announcer_.committed({.events = std::move(events)}, [] {});
}

std::uint64_t map_ledger::read_by(const std::string& room, const std::string& user) const {
    const auto& members = rooms_.at(room).read_by;
    const auto found = members.find(user);
    return found == members.end() ? 0 : found->second;
}

std::uint64_t map_ledger::add(const std::string& room, std::string_view kind,
                              const std::string& author, const std::string& text,
                              const std::string& nonce, std::optional<std::uint64_t> reply_to) {
    stored_room& stored = rooms_[room];
    protocol::event one{stored.events.size() + 1, at, author, std::string(kind), {}, reply_to, {}};
    if (!text.empty()) one.text = text;
    if (!nonce.empty()) one.nonce = nonce;
    stored.events.push_back(one);
    fresh_.push_back({room, stored.epoch, std::move(one)});
    return stored.events.size();
}

chat::receipt map_ledger::receipt_of(const std::string& room, std::uint64_t seq) const {
    const stored_room& stored = rooms_.at(room);
    return {seq, at, stored.epoch, stored.events.size(), ""};
}

chat::outcome map_ledger::carry_out(const chat::append& what) {
    if (!rooms_.count(what.room)) return refused(error_code::not_found);
    const auto known = nonces_.find({what.author, what.nonce});
    if (known != nonces_.end()) {
        const auto& [room, seq] = known->second;
        const protocol::event& first = rooms_[room].events[seq - 1];
        const bool same =
            room == what.room && first.text == what.text && first.reply_to == what.reply_to;
        return same ? chat::outcome(receipt_of(room, seq)) : refused(error_code::conflict);
    }
    stored_room& stored = rooms_.at(what.room);
    if (what.reply_to && (*what.reply_to == 0 || *what.reply_to > stored.events.size()))
        return refused(error_code::not_found);
    const auto seq = add(what.room, protocol::event_kind::message, what.author, what.text,
                         what.nonce, what.reply_to);
    if (const auto member = stored.read_by.find(what.author); member != stored.read_by.end())
        member->second = seq;
    nonces_[{what.author, what.nonce}] = {what.room, seq};
    return receipt_of(what.room, seq);
}

chat::outcome map_ledger::carry_out(const chat::open_room& what) {
    if (const auto taken = rooms_.find(what.room); taken != rooms_.end()) {
        const protocol::event& first = taken->second.events.front();
        const bool again = first.author == what.author && first.text == what.title;
        return again ? chat::outcome(receipt_of(what.room, 1)) : refused(error_code::conflict);
    }
    add(what.room, protocol::event_kind::created, what.author, what.title, "");
    if (what.joins) carry_out(chat::join_room{what.room, what.author});
    return receipt_of(what.room, 1);
}

chat::outcome map_ledger::carry_out(const chat::join_room& what) {
    if (!rooms_.count(what.room)) return refused(error_code::not_found);
    if (rooms_[what.room].read_by.count(what.user)) return receipt_of(what.room, 0);
    join(what.room, what.user);
    return receipt_of(what.room, rooms_[what.room].read_by[what.user] = add(
                                     what.room, protocol::event_kind::joined, what.user, "", ""));
}

chat::outcome map_ledger::carry_out(const chat::leave_room& what) {
    if (!rooms_.count(what.room)) return refused(error_code::not_found);
    if (rooms_[what.room].read_by.erase(what.user) == 0) return receipt_of(what.room, 0);
    return receipt_of(what.room, add(what.room, protocol::event_kind::left, what.user, "", ""));
}

chat::outcome map_ledger::carry_out(const chat::mark_read& what) {
    const auto stored = rooms_.find(what.room);
    if (stored == rooms_.end() || !stored->second.read_by.count(what.user))
        return refused(error_code::not_found);
    auto& read = stored->second.read_by[what.user];
    read = std::max(read, std::min<std::uint64_t>(what.seq, stored->second.events.size()));
    return receipt_of(what.room, 0);
}

chat::answer map_ledger::find(const chat::read_page& wanted) const {
    using where = chat::read_page::direction;
    const auto found = rooms_.find(wanted.room);
    if (found == rooms_.end()) return refused(error_code::not_found);
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
    return chat::page{found->second.epoch,
                      size,
                      {events.begin() + static_cast<std::ptrdiff_t>(first),
                       events.begin() + static_cast<std::ptrdiff_t>(last)},
                      more};
}

protocol::room_summary map_ledger::summary_of(const std::string& name, const stored_room& stored,
                                              const std::string& user) {
    const auto member = stored.read_by.find(user);
    const bool joined = member != stored.read_by.end();
    const std::uint64_t top = stored.events.size();
    return {name,
            stored.events.front().text.value_or(name),
            stored.epoch,
            top,
            joined ? member->second : top,
            joined,
            false,
            {}};
}

chat::answer map_ledger::find(const chat::read_rooms& wanted) const {
    chat::room_list list;
    for (const auto& [name, stored] : rooms_) {
        const bool also =
            std::find(wanted.also.begin(), wanted.also.end(), name) != wanted.also.end();
        if (!stored.read_by.contains(wanted.user) && !also) continue;
        list.rooms.push_back(summary_of(name, stored, wanted.user));
    }
    return list;
}

chat::answer map_ledger::find(const chat::read_public_rooms& wanted) const {
    chat::room_list list;
    for (const auto& [name, stored] : rooms_) {
        if (name <= wanted.after) continue;
        list.rooms.push_back(summary_of(name, stored, wanted.user));
    }
    return list;
}

}  // namespace parley::simulation
