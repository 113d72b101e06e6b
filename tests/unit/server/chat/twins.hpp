// A shard without a thread, for tests of pure code: the ledger is a map that answers when it is
// told to, the bus a list, the peer remembers what it was sent.
#pragma once

#include "server/chat/hub.hpp"
#include "server/chat/interests.hpp"
#include "shared/protocol/codec.hpp"
#include "tests/direct_rooms.hpp"
#include "tests/simulation/map_ledger.hpp"
#include "tests/simulation/wire.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace parley::tests {

// What is published and of interest waits here.
struct listed_bus : chat::bus {
    chat::hint_list hints;
    chat::interests interests;
    void publish(chat::hint_list published) override {
        for (auto& one : published)
            if (interests.shards_for(chat::about(*one)) != 0) hints.push_back(std::move(one));
    }
    void begin_interest(std::size_t shard, chat::subject about) override {
        interests.begin(shard, about);
    }
    void end_interest(std::size_t shard, chat::subject about) override {
        interests.end(shard, about);
    }
};

struct recording_peer : chat::peer {
    std::vector<std::string> received;
    std::size_t queued = 0;
    bool full = false;
    std::uint16_t closed_with = 0;

    void answer(std::string_view text) override { received.emplace_back(text); }
    void push(wire::shared_frame frames) override {
        simulation::split_frames(
            *frames, [this](std::string_view payload) { received.emplace_back(payload); });
    }
    bool offer(const wire::shared_frame& frames, chat::urgency) override {
        if (full || queued > chat::settings{}.outbox_bytes_max) return false;
        push(frames);
        return true;
    }
    std::size_t queued_bytes() const override { return queued; }
    bool is_full() const override { return full; }
    void close(protocol::close_code code, std::string_view) override {
        closed_with = static_cast<std::uint16_t>(code);
    }
};

// A hub, its ledger and bus, and the clock that the test turns.
struct quiet_shard {
    listed_bus bus;
    simulation::map_ledger ledger{bus};
    chat::hub hub;
    base::steady_ms now = 1'000'000;

    explicit quiet_shard(chat::settings how = {}) : hub(ledger, bus, with_names(how), 0) {}

    static chat::settings with_names(chat::settings how) {
        how.name_direct_room = test::direct_room_name;
        return how;
    }

    // Everything that waits happens: commands, answers, hints.
    void settle() {
        do {
            tell();
        } while (ledger.step());
        tell();
    }
    // What is on the bus reaches the hub.
    void tell() {
        while (!bus.hints.empty()) {
            const auto hints = std::exchange(bus.hints, {});
            for (const auto& one : hints) hub.receive(*one);
        }
        hub.tell_rooms(0, 0);
    }
};

}  // namespace parley::tests
