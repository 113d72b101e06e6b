// Checks the end of every run: all clients have converged to the log.
#include "shared/protocol/codec.hpp"
#include "tests/simulation/world.hpp"

#include <algorithm>

namespace parley::simulation {
namespace {

// What people see of it. Whether a reaction is one's own differs from person to person.
std::string looks(protocol::event event) {
    if (auto* const message = protocol::as<protocol::message>(event))
        for (protocol::reaction& reaction : message->reactions) reaction.mine.reset();
    return protocol::encode_body(event.body);
}

}  // namespace

std::string world::judge() const {
    std::map<std::pair<std::string, std::string>, std::uint64_t> committed;
    for (const char* room : {"lobby", "den"}) {
        std::uint64_t next = 1;
        for (const auto& event : ledger_.log(room)) {
            if (event.seq != next++) return "a gap in the log of " + std::string(room);
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
    for (const auto& [name, room] : who.model.rooms) {
        if (!room.joined) continue;
        if (room.head != ledger_.log(name).size()) return name + " does not know its head";
        if (room.reading.seq != ledger_.read_by(name, who.user))
            return name + " is read to " + std::to_string(room.reading.seq) + ", the server says " +
                   std::to_string(ledger_.read_by(name, who.user));
        if (room.unread() != ledger_.unread(name, who.user))
            return name + " has " + std::to_string(room.unread()) + " unread, the server counts " +
                   std::to_string(ledger_.unread(name, who.user));
    }
    return {};
}

}  // namespace parley::simulation
