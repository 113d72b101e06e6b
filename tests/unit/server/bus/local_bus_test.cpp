// The bus of one process: a shard hears what it is interested in, in order.
#include "server/bus/local_bus.hpp"

#include "tests/unit/catch.hpp"

#include <atomic>
#include <memory>
#include <string>
#include <thread>

using namespace parley;

namespace {

struct noting final : bus::local_bus::receiver {
    explicit noting(chat::hint_list& heard) : heard_(heard) {}
    void hear(chat::hint_list hints) override {
        for (auto& hint : hints) heard_.push_back(std::move(hint));
    }
    chat::hint_list& heard_;
};

struct two_shards {
    two_shards() {
        bus.attach(std::make_unique<noting>(first));
        bus.attach(std::make_unique<noting>(second));
    }
    bus::local_bus bus;
    chat::hint_list first, second;
};

std::shared_ptr<const chat::hint> make(chat::hint one) {
    return std::make_shared<const chat::hint>(std::move(one));
}

chat::hint typing_in(const std::string& room) {
    return chat::typing_changed{.room = room, .user = "ann", .active = true};
}

}  // namespace

TEST_CASE("what is for all reaches every shard in order, and nothing is copied") {
    two_shards at;
    at.bus.publish({make(chat::session_ended{"a"}), make(chat::session_ended{"b"})});
    at.bus.publish({make(chat::session_ended{"c"})});
    REQUIRE(at.first.size() == 3);
    CHECK(at.first == at.second);
    CHECK(std::get<chat::session_ended>(*at.first[1]).session == "b");
}

TEST_CASE("a hint about a room or a person reaches the shards that are interested, and no others") {
    two_shards at;
    const chat::interest lobby(at.bus, 0, chat::room_subject("lobby"));
    const chat::interest ann(at.bus, 1, chat::person_subject("ann"));
    at.bus.publish({make(typing_in("lobby")), make(typing_in("ann")), make(chat::name_taken{"ann"}),
                    make(chat::name_taken{"lobby"})});
    REQUIRE(at.first.size() == 1);
    CHECK(std::get<chat::typing_changed>(*at.first[0]).room == "lobby");
    REQUIRE(at.second.size() == 1);
    CHECK(std::get<chat::name_taken>(*at.second[0]).user == "ann");
}

TEST_CASE("an interest ends with its guard, and those of other shards go on") {
    two_shards at;
    const chat::interest stays(at.bus, 1, chat::room_subject("lobby"));
    { const chat::interest ends(at.bus, 0, chat::room_subject("lobby")); }
    at.bus.publish({make(typing_in("lobby"))});
    CHECK(at.first.empty());
    CHECK(at.second.size() == 1);
}

TEST_CASE("whatever is published after an interest began is heard, while others come and go") {
    two_shards at;
    std::atomic<bool> stops{false};
    std::thread other([&] {
        while (!stops) const chat::interest passing(at.bus, 1, chat::room_subject("den"));
    });
    for (int i = 0; i < 2'000; ++i) {
        const chat::interest lobby(at.bus, 0, chat::room_subject("lobby"));
        at.bus.publish({make(typing_in("lobby"))});
    }
    stops = true;
    other.join();
    CHECK(at.first.size() == 2'000);
}
