// A client of one conversation: sends frames, and reads what came back.
#pragma once

#include "server/chat/conversation.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/server/chat/twins.hpp"

namespace parley::tests {

struct client {
    quiet_shard& shard;
    recording_peer peer;
    std::shared_ptr<chat::conversation> talk;

    client(quiet_shard& where, const std::string& user, bool says_hello = true) : shard(where) {
        talk = shard.hub.open_conversation({user, "session-" + user, false}, peer);
        if (!says_hello) return;
        ask(R"({"type":"hello","client":"test"})");
        peer.received.clear();
    }
    void send(const std::string& frame) { talk->receive(frame, shard.now); }
    void ask(const std::string& frame) {
        send(frame);
        shard.settle();
    }
    std::vector<std::string> take() { return std::exchange(peer.received, {}); }

    // The notices of one type among what came, decoded.
    template <class Notice>
    std::vector<Notice> all() {
        std::vector<Notice> found;
        for (const auto& frame : peer.received) {
            auto read = protocol::decode_notice(frame);
            REQUIRE(std::holds_alternative<protocol::notice>(read));
            if (auto* one = std::get_if<Notice>(&std::get<protocol::notice>(read)))
                found.push_back(std::move(*one));
        }
        return found;
    }
    // Of the events in pages and runs, in the order in which they came.
    std::vector<std::uint64_t> seqs() {
        std::vector<std::uint64_t> found;
        const auto add = [&found](const auto& frame) {
            for (const auto& one : frame.events) found.push_back(one.seq);
        };
        for (const auto& frame : peer.received) {
            const auto notice = std::get<protocol::notice>(protocol::decode_notice(frame));
            if (const auto* run = std::get_if<protocol::events>(&notice)) add(*run);
            if (const auto* page = std::get_if<protocol::page>(&notice)) add(*page);
        }
        return found;
    }
    std::string error_code() {
        const auto errors = all<protocol::error>();
        return errors.size() == 1 ? errors[0].code : std::to_string(errors.size()) + " errors";
    }
};

inline std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> all;
    for (auto seq = first; seq <= last; ++seq) all.push_back(seq);
    return all;
}

}  // namespace parley::tests
