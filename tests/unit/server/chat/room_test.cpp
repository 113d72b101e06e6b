// When a room tells its members: what came in a turn, or until the mark, is put together once;
// whoever spoke hears it ahead; nobody hears anything twice.
#include "server/chat/room.hpp"

#include "tests/unit/server/chat/client.hpp"

using namespace parley;
using tests::client;
using tests::quiet_shard;
using tests::range;

namespace {

constexpr base::time_us spacing = 20'000;

// Members of the lobby, and a bus whose hints reach the hub without being told on.
struct busy_lobby {
    quiet_shard shard;
    client ann{shard, "ann"}, bob{shard, "bob"};
    base::time_us now = 1'000'000;

    busy_lobby() {
        for (client* each : {&ann, &bob}) {
            each->ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
        }
        hear("first");
        mark();
        for (client* each : {&ann, &bob}) each->take();
    }
    void hear(const std::string& text) {
        shard.ledger.say("lobby", "parley", text);
        hear_all();
    }
    void hear_all() {
        while (shard.ledger.step()) continue;
        for (const auto& one : std::exchange(shard.bus.hints, {})) shard.hub.receive(*one);
    }
    bool end_turn() { return shard.hub.tell_rooms(now, spacing).others_wait; }
    void mark() { shard.hub.tell_rooms(now, 0); }
};

}  // namespace

TEST_CASE("runs of one turn are joined for all: one frame has the events of all") {
    busy_lobby lobby;
    for (const char* text : {"one", "two", "three"}) lobby.hear(text);
    CHECK(lobby.bob.peer.received.empty());
    lobby.now += spacing;
    CHECK_FALSE(lobby.end_turn());
    CHECK(lobby.bob.seqs() == range(3, 5));
    CHECK(lobby.bob.peer.received.size() == 1);
    CHECK(lobby.ann.take() == lobby.bob.take());
}

TEST_CASE("a room that was never told is quiet, however lately the machine started") {
    quiet_shard shard;
    client ann(shard, "ann");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    ann.take();
    shard.ledger.say("lobby", "parley", "first");
    while (shard.ledger.step()) continue;
    for (const auto& one : std::exchange(shard.bus.hints, {})) shard.hub.receive(*one);
    CHECK_FALSE(shard.hub.tell_rooms(1, spacing).others_wait);
    CHECK(ann.all<protocol::events>().size() == 1);
}

TEST_CASE("a quiet room is told at the end of the turn, one that was told lately at the mark") {
    busy_lobby lobby;
    lobby.now += spacing;
    lobby.hear("at once");
    CHECK_FALSE(lobby.end_turn());
    CHECK(lobby.bob.seqs() == range(3, 3));
    lobby.now += spacing - 1;
    lobby.hear("too soon");
    CHECK(lobby.end_turn());
    lobby.now += spacing;
    CHECK(lobby.end_turn());  // late, but the mark is on its way
    CHECK(lobby.bob.seqs() == range(3, 3));
    lobby.mark();
    CHECK(lobby.bob.seqs() == range(3, 4));
    CHECK_FALSE(lobby.end_turn());
}

TEST_CASE("who said something hears it with the answer, the others at the mark, and nobody twice") {
    busy_lobby lobby;
    lobby.hear("before");
    lobby.ann.send(R"({"type":"send","id":2,"room":"lobby","nonce":"n1","text":"mine"})");
    lobby.hear_all();
    CHECK(lobby.end_turn());
    CHECK(lobby.ann.seqs() == range(3, 4));
    CHECK(lobby.bob.seqs().empty());
    lobby.mark();
    CHECK(lobby.ann.seqs() == range(3, 4));
    CHECK(lobby.bob.seqs() == range(3, 4));
    lobby.hear("after");
    lobby.mark();
    CHECK(lobby.ann.seqs() == range(3, 5));
}

TEST_CASE("much is not kept waiting") {
    busy_lobby lobby;
    lobby.hear("a little");
    CHECK(lobby.end_turn());
    for (int i = 0; i < 5; ++i) lobby.hear(std::string(16'000, 'x'));
    lobby.end_turn();
    CHECK(lobby.bob.seqs() == range(3, 8));
}

TEST_CASE("who comes in while the room owes something gets it once") {
    busy_lobby lobby;
    lobby.hear("owed");
    client eve(lobby.shard, "eve", false);
    eve.send(R"({"type":"hello","client":"test"})");
    eve.send(R"({"type":"subscribe","id":1,"room":"lobby"})");
    lobby.hear_all();
    lobby.mark();
    CHECK(eve.seqs() == range(1, 3));
    lobby.hear("next");
    lobby.mark();
    CHECK(eve.seqs() == range(1, 4));
}

TEST_CASE("runs with a gap between them are not joined, and the gap is read from the log") {
    busy_lobby lobby;
    lobby.hear("two");
    lobby.shard.ledger.say("lobby", "parley", "three", true);
    lobby.hear("four");
    lobby.mark();
    CHECK(lobby.bob.seqs() == range(3, 3));
    lobby.shard.settle();
    CHECK(lobby.bob.seqs() == range(3, 5));
}

TEST_CASE("the farewell comes after all that was owed") {
    busy_lobby lobby;
    lobby.hear("last");
    lobby.shard.hub.say_bye(protocol::close_code::going_away, "stops");
    REQUIRE(lobby.bob.peer.received.size() == 2);
    CHECK(lobby.bob.seqs() == range(3, 3));
    CHECK(lobby.bob.all<protocol::bye>().size() == 1);
}

TEST_CASE("a resumed room whose page the ledger refuses is told with its true head") {
    quiet_shard shard;
    for (const char* text : {"one", "two", "three"}) shard.ledger.say("lobby", "bob", text);
    shard.settle();
    client ann(shard, "ann", false);
    int asked = 0;
    shard.ledger.refuses = [&] { return ++asked == 2; };  // hello, then the page
    ann.ask(R"({"type":"hello","client":"test","resume":[{"room":"lobby","epoch":1,"seq":1}]})");
    const auto heads = ann.all<protocol::head>();
    REQUIRE(heads.size() == 1);
    CHECK(heads[0].epoch == 1);
    CHECK(heads[0].top == 4);
}

TEST_CASE("hints that are lost while the first page is read leave no gap behind it") {
    quiet_shard shard;
    client ann(shard, "ann");
    ann.send(R"({"type":"subscribe","id":1,"room":"lobby"})");
    shard.ledger.step();  // the page is read, and not yet told
    shard.ledger.say("lobby", "bob", "meanwhile", true);
    shard.hub.hints_lost();
    shard.settle();
    CHECK(ann.seqs() == range(1, 2));
}
