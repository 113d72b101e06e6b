// When the bus loses hints, the ledger is asked once for each room and once for each person, never
// once for each connection.
#include "server/shard/mailbox.hpp"
#include "tests/unit/server/chat/client.hpp"

#include <memory>
#include <string>
#include <vector>

using namespace parley;
using tests::client;
using tests::quiet_shard;
using tests::range;

namespace {

std::string room_name(std::size_t number) { return "room-" + std::to_string(number); }

// People with two connections each, every connection live in one of the rooms.
struct crowd {
    static constexpr std::size_t rooms = 100, people = 2'500, connections = 2 * people;

    quiet_shard shard{{.send_burst = 0, .send_per_second = 0, .node = "t"}};
    std::vector<std::unique_ptr<client>> clients;

    crowd() {
        for (std::size_t i = 0; i < rooms; ++i)
            shard.ledger.submit(test::create_room(room_name(i), "Room", test::passer_by("parley")),
                                [](const chat::outcome&) {});
        shard.settle();
        for (std::size_t i = 0; i < connections; ++i) {
            clients.push_back(std::make_unique<client>(shard, "user" + std::to_string(i % people)));
            clients.back()->ask(R"({"type":"subscribe","id":1,"room":")" + room_name(i % rooms) +
                                "\"}");
            clients.back()->take();
        }
        shard.settle();
    }
    // Says a line in each room; the shard's mailbox has space for so many of these hints.
    void say_everywhere(std::size_t space) {
        boost::asio::io_context loop;
        shard::mailbox door(loop, space);
        door.when_refused([this] { shard.hub.hints_lost(); });
        for (std::size_t i = 0; i < rooms; ++i) shard.ledger.say(room_name(i), "parley", "line");
        shard.ledger.asked = {};
        for (const auto& hint : std::exchange(shard.bus.hints, {}))
            door.offer([this, hint] { shard.hub.receive(*hint); });
        loop.poll();
    }
};

struct live_room {
    quiet_shard shard;
    client ann{shard, "ann"}, bob{shard, "bob"};

    live_room() {
        for (client* each : {&ann, &bob}) {
            each->ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
            each->take();
        }
        shard.ledger.asked = {};
    }
    void lose(std::size_t lines) {
        for (std::size_t i = 0; i < lines; ++i) shard.ledger.say("lobby", "parley", "lost", true);
    }
};

}  // namespace

TEST_CASE(
    "5,000 connections in 100 rooms and a mailbox that overflows: a page for each room, a list for "
    "each person") {
    crowd all;
    for (int i = 0; i < 3; ++i) {
        all.say_everywhere(10);
        all.shard.settle();
        CHECK(all.shard.ledger.asked.pages <= crowd::rooms);
        CHECK(all.shard.ledger.asked.lists <= crowd::people);
    }
    std::size_t wrong = 0;
    for (const auto& each : all.clients) wrong += each->seqs() != range(2, 4);
    CHECK(wrong == 0);
}

TEST_CASE("a gap is read once, and told to everybody as one frame") {
    live_room room;
    room.lose(3);
    room.shard.ledger.say("lobby", "parley", "heard");
    room.shard.settle();
    CHECK(room.shard.ledger.asked.pages == 1);
    CHECK(room.ann.seqs() == range(2, 5));
    CHECK(room.bob.take() == room.ann.take());
    CHECK(room.shard.hub.counted().repairs.value() == 1);
}

TEST_CASE("a room with more missing than a page is read page by page, for all together") {
    live_room room;
    room.lose(450);
    room.shard.hub.hints_lost();
    room.shard.settle();
    CHECK(room.shard.ledger.asked.pages == 3);
    CHECK(room.ann.seqs() == range(2, 451));
    CHECK(room.bob.seqs() == range(2, 451));
}

TEST_CASE("a room that lacks too much tells its head, and plain-text clients still get each line") {
    live_room room;
    tests::recording_peer seed;
    const auto plain = room.shard.hub.open_plain(test::passer_by("gus"), "lobby", 1, seed);
    room.shard.settle();
    room.lose(chat::repair_events_max + 1);
    room.shard.ledger.say("lobby", "parley", "heard");
    room.shard.settle();
    const auto heads = room.ann.all<protocol::head>();
    REQUIRE(heads.size() == 1);
    CHECK(heads[0].top == chat::repair_events_max + 3);
    CHECK(seed.received.size() == chat::repair_events_max + 2);
    room.ann.take();
    room.shard.ledger.say("lobby", "parley", "after");
    room.shard.settle();
    CHECK(room.ann.seqs() == range(chat::repair_events_max + 4, chat::repair_events_max + 4));
    CHECK(seed.received.size() == chat::repair_events_max + 3);
}

TEST_CASE("a ledger that refuses the missing page is asked again at the next tick") {
    live_room room;
    room.lose(1);
    bool refuses = true;
    room.shard.ledger.refuses = [&] { return refuses; };
    room.shard.hub.hints_lost();
    room.shard.settle();
    CHECK(room.ann.seqs().empty());
    refuses = false;
    room.shard.hub.tick(room.shard.now);
    room.shard.settle();
    CHECK(room.ann.seqs() == range(2, 2));
    CHECK(room.bob.seqs() == range(2, 2));
}

TEST_CASE("a room that was joined elsewhere while hints were lost comes onto the list") {
    live_room room;
    room.shard.ledger.submit(test::create_room("den", "Den", test::passer_by("parley")),
                             [](const chat::outcome&) {});
    room.shard.settle();
    room.ann.take();
    room.shard.ledger.happen(test::join("den", test::by("ann")), true);
    room.shard.hub.hints_lost();
    room.shard.settle();
    room.shard.hub.tick(room.shard.now);
    const auto heard = room.ann.all<protocol::person>();
    REQUIRE(heard.size() == 1);
    CHECK((heard[0].rooms.size() == 1 && heard[0].rooms[0].room == "den"));
    CHECK(room.bob.all<protocol::person>().empty());
}
