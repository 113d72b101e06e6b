// Checks the end of every run: all clients have converged to the log.
#include "tests/simulation/world.hpp"

#include <algorithm>

namespace parley::simulation {

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
        for (std::uint64_t seq = room.log.oldest(); seq <= room.log.top(); ++seq) {
            const auto& shown = room.log.at(seq);
            const auto& kept = log[seq - 1];
            if (shown.seq != seq || shown.text != kept.text || shown.author != kept.author)
                return name + " differs from the log at " + std::to_string(seq);
        }
    }
    for (const auto& [name, room] : who.model.rooms) {
        if (!room.joined) continue;
        if (room.head != ledger_.log(name).size()) return name + " does not know its head";
        if (room.read > room.head) return name + " was read beyond its head";
        if (room.read_sent != ledger_.read_by(name, who.user) &&
            room.read_sent > ledger_.read_by(name, who.user))
            return name + ": the server forgot what was read";
    }
    return {};
}

}  // namespace parley::simulation
