// Checks every notice on its way, and the end of every run: all clients have converged to the log.
#include "shared/protocol/codec.hpp"
#include "tests/simulation/world.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace parley::simulation {
namespace {

// What people see of it. Whether a reaction is one's own differs from person to person.
std::string looks(protocol::event event) {
    if (auto* const message = protocol::as<protocol::message>(event))
        for (protocol::reaction& reaction : message->reactions) reaction.mine.reset();
    return protocol::encode_body(event.body);
}

// Whether a log holds only what the rules allow, by a simple model of its own.
class log_judge {
public:
    std::string judge(const std::vector<protocol::event>& log) {
        for (const protocol::event& event : log) {
            std::visit([&](const auto& body) { take(event, body); }, event.body);
            if (!wrong_.empty()) return "event " + std::to_string(event.seq) + wrong_;
        }
        return {};
    }

private:
    struct message {
        std::string author;
        std::uint64_t rev;
        bool deleted = false;
        bool pinned = false;
        std::set<std::pair<std::string, std::string>> reactions{};  // person, emoji
    };

    void expect(bool holds, const char* otherwise) {
        if (!holds && wrong_.empty()) wrong_ = otherwise;
    }
    message* target_of(const protocol::event& event) {
        const auto found = messages_.find(protocol::target_of(event.body).value_or(0));
        expect(found != messages_.end() && !found->second.deleted, " changes what is not there");
        return wrong_.empty() ? &found->second : nullptr;
    }
    void take(const protocol::event& event, const protocol::message&) {
        expect(event.said == ++said_, " does not count as the next message");
        messages_[event.seq] = {.author = event.author, .rev = event.seq};
    }
    void take(const protocol::event& event, const protocol::edited& edited) {
        message* const target = target_of(event);
        if (!target) return;
        expect(target->author == event.author, " edits what somebody else said");
        expect(target->rev == edited.base, " edits a wording that had gone");
        target->rev = event.seq;
    }
    void take(const protocol::event& event, const protocol::deleted&) {
        message* const target = target_of(event);
        if (!target) return;
        expect(target->author == event.author, " deletes what somebody else said");
        target->deleted = true;
    }
    void take(const protocol::event& event, const protocol::reacted& reacted) {
        message* const target = target_of(event);
        if (!target) return;
        expect(target->reactions.emplace(event.author, reacted.emoji).second, " reacts again");
    }
    void take(const protocol::event& event, const protocol::unreacted& unreacted) {
        message* const target = target_of(event);
        if (!target) return;
        expect(target->reactions.erase({event.author, unreacted.emoji}) == 1,
               " takes back what was not there");
    }
    void take(const protocol::event& event, const protocol::pinned&) { take_pin(event, true); }
    void take(const protocol::event& event, const protocol::unpinned&) { take_pin(event, false); }
    void take_pin(const protocol::event& event, bool on) {
        message* const target = target_of(event);
        if (!target) return;
        expect(target->pinned != on, " pins, or takes a pin away, again");
        target->pinned = on;
    }
    template <class Other>
    void take(const protocol::event&, const Other&) {}

    std::map<std::uint64_t, message> messages_;
    std::uint64_t said_ = 0;
    std::string wrong_;
};

std::string words_of(const protocol::personal_record& record) {
    return std::string(protocol::kind_of(record.body)) + protocol::encode_body(record.body);
}

}  // namespace

// The server's promise to every client, also to one that cannot repair: the events of a
// subscription come without a gap, unless a `head` says that some were left out.
void world::check(wire& line, const state::model& model, const protocol::notice& notice) {
    if (const auto* welcome = std::get_if<protocol::welcome>(&notice)) {
        for (const auto& room : welcome->rooms) {
            const auto known = model.rooms.find(room.room);
            const bool resumed = known != model.rooms.end() &&
                                 known->second.subscribed == state::subscription::requested;
            if (resumed && !room.resync) line.last_sent[room.room] = known->second.log.top();
        }
    }
    if (const auto* head = std::get_if<protocol::head>(&notice)) line.last_sent[head->room] = 0;
    if (const auto* ok = std::get_if<protocol::ok>(&notice); ok && ok->id)
        if (const auto sent = model.in_flight.find(*ok->id); sent != model.in_flight.end())
            if (const auto* subscribe = std::get_if<protocol::subscribe>(&sent->second))
                line.last_sent[subscribe->room] = ok->resync ? 0 : subscribe->seq.value_or(0);
    const auto* events = std::get_if<protocol::events>(&notice);
    if (!events || events->events.empty()) return;
    std::uint64_t& last = line.last_sent[events->room];
    for (const auto& event : events->events) {
        if (last > 0 && event.seq > last + 1)
            broken_ = events->room + ": after " + std::to_string(last) + " the server sent " +
                      std::to_string(event.seq);
        last = std::max(last, event.seq);
    }
}

// Nobody hears of a direct room of others, whatever they ask for.
void world::check_secrecy(const browser& who, const protocol::notice& notice) {
    const auto check_room = [&](const std::string& room) {
        if (!room.empty() && !ledger_.admits(room, who.user))
            broken_ = who.user + " heard of " + room;
    };
    const auto check_list = [&](const std::vector<protocol::room_summary>& list) {
        for (const protocol::room_summary& each : list) check_room(each.room);
    };
    std::visit(
        [&](const auto& one) {
            if constexpr (requires { check_room(one.room); }) check_room(one.room);
            if constexpr (requires { check_room(one.room.value()); })
                check_room(one.room.value_or(""));
            if constexpr (requires { check_list(one.rooms); }) check_list(one.rooms);
            if constexpr (requires { check_list(one.rooms.value()); })
                if (one.rooms) check_list(*one.rooms);
        },
        notice);
}

void world::note_acknowledgement(const browser& who, const protocol::notice& notice) {
    const auto* ok = std::get_if<protocol::ok>(&notice);
    if (!ok || !ok->id) return;
    const auto sent = who.model.in_flight.find(*ok->id);
    if (sent == who.model.in_flight.end()) return;
    if (const auto* send = std::get_if<protocol::send>(&sent->second))
        acknowledged_[{who.user, send->nonce}] = ok->seq.value_or(0);
}

std::string world::judge() const {
    std::map<std::pair<std::string, std::string>, std::uint64_t> committed;
    for (const std::string& room : ledger_.rooms()) {
        if (auto wrong = judge_direct_room(room); !wrong.empty()) return wrong;
        if (auto wrong = log_judge().judge(ledger_.log(room)); !wrong.empty())
            return room + ": " + wrong;
        std::uint64_t next = 1;
        for (const auto& event : ledger_.log(room)) {
            if (event.seq != next++) return "a gap in the log of " + room;
            if (event.nonce &&
                !committed.emplace(std::pair{event.author, *event.nonce}, event.seq).second)
                return *event.nonce + " was committed twice";
        }
    }
    for (const auto& [message, seq] : acknowledged_) {
        const auto event = committed.find(message);
        if (event == committed.end()) return message.second + " was acknowledged and is lost";
        if (event->second != seq) return message.second + " was acknowledged under another seq";
    }
    for (const auto& who : browsers_) {
        for (const auto& nonce : who->written)
            if (!committed.count({who->user, nonce}))
                return who->user + " wrote " + nonce + ", which never arrived";
        if (auto wrong = judge(*who); !wrong.empty()) return who->user + ": " + wrong;
    }
    return {};
}

// It is on the lists of those who asked for it, and with each message on everybody's.
std::string world::judge_direct_room(const std::string& room) const {
    const chat::room_row& row = ledger_.row(room);
    for (const std::string& user : row.people) {
        const bool listed = ledger_.is_member(room, user);
        if (listed && row.said == 0 && !opened_.contains({user, room}))
            return user + " sees " + room + " before something was said";
        if (!listed && row.said > ledger_.said_when_left(room, user))
            return user + " does not see what was said in " + room;
    }
    return {};
}

// Entries only, all of them, each as its changes have made it.
std::string world::judge(const std::string& room, const state::stretch& stretch) const {
    auto shown = stretch.entries.begin();
    for (std::uint64_t seq = stretch.from; seq <= stretch.to; ++seq) {
        const protocol::event kept = ledger_.shown(room, seq);
        if (!protocol::is_entry(kept)) continue;
        const bool same = shown != stretch.entries.end() && shown->seq == seq &&
                          shown->author == kept.author && looks(*shown) == looks(kept);
        if (!same) return room + " differs from the log at " + std::to_string(seq);
        ++shown;
    }
    return shown == stretch.entries.end() ? "" : room + " holds what is no entry";
}

// All devices have what the store has, and hold the same log.
std::string world::judge_records(const browser& who) const {
    if (who.kind == kind::passer_by) return {};  // keeps nothing
    const chat::personal_changes kept = ledger_.kept_by(who.user);
    if (who.model.personal.seq().value_or(0) != kept.seq)
        return "it does not hold the end of its log";
    std::set<std::string> wanted, known;
    for (const auto& one : kept.records) wanted.insert(words_of(one.record));
    for (const auto& record : who.model.personal.records()) known.insert(words_of(record));
    if (wanted != known) return "its records differ from the store";
    const auto& composer = who.model.composer;
    const bool follows = composer.from_log || composer.shown.empty();
    if (!who.model.writing && !who.model.editor && follows &&
        composer.shown != state::draft_in(who.model, who.model.open))
        return "its composer has another draft than the store";
    return {};
}

std::string world::judge(const browser& who) const {
    if (!who.model.unsent.messages().empty()) return "its outbox is not empty";
    const auto is_other = [&](const auto& stored) {
        return stored.first != state::personal_key(who.user) &&
               !stored.first.starts_with(state::draft_prefix(who.user));
    };
    if (std::any_of(who.storage.begin(), who.storage.end(), is_other))
        return "its storage holds something else than its drafts and records";
    if (auto wrong = judge_records(who); !wrong.empty()) return wrong;
    for (const std::string& name : who.model.kept) {
        const state::room& room = who.model.rooms.at(name);
        const auto& log = ledger_.log(name);
        if (room.subscribed != state::subscription::live) return name + " is not live";
        if (room.log.empty() || room.log.top() != log.size())
            return name + " does not reach the end of the log";
        for (const state::stretch& stretch : room.log.stretches())
            if (auto wrong = judge(name, stretch); !wrong.empty()) return wrong;
    }
    if (auto wrong = judge_list(who); !wrong.empty()) return wrong;
    for (const auto& [name, room] : who.model.rooms)
        if (room.joined)
            if (auto wrong = judge_reading(who, name); !wrong.empty()) return wrong;
    return {};
}

std::string world::judge_list(const browser& who) const {
    for (const auto& [name, room] : who.model.rooms)
        if (room.joined && !ledger_.is_member(name, who.user))
            return name + " is on its list and not on the server's";
    if (who.kind == kind::passer_by) return {};
    for (const std::string& name : ledger_.rooms_of(who.user)) {
        const state::room* const room = state::find_room(who.model, name);
        if (!room || !room->joined) return name + " is not on its list";
    }
    return {};
}

std::string world::judge_reading(const browser& who, const std::string& name) const {
    const state::room& room = who.model.rooms.at(name);
    if (room.head != ledger_.log(name).size()) return name + " does not know its head";
    if (room.reading.seq != ledger_.read_by(name, who.user))
        return name + " is read to " + std::to_string(room.reading.seq) + ", the server says " +
               std::to_string(ledger_.read_by(name, who.user));
    if (room.unread() != ledger_.unread(name, who.user))
        return name + " has " + std::to_string(room.unread()) + " unread, the server counts " +
               std::to_string(ledger_.unread(name, who.user));
    return {};
}

}  // namespace parley::simulation
