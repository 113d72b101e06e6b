// Checks the end of every run: all clients have converged to the log.
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

}  // namespace

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

std::string world::judge(const browser& who) const {
    if (!who.model.unsent.messages().empty()) return "its outbox is not empty";
    if (who.storage.size() != who.model.drafts.all().size())
        return "its storage holds something else than its drafts";
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
