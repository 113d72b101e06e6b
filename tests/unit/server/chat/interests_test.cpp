// What a hub is interested in, and that it is so before it reads.
#include "server/chat/interests.hpp"

#include "tests/unit/server/chat/client.hpp"

using namespace parley;
using tests::client;
using tests::quiet_shard;
using tests::range;

TEST_CASE("an interest that nobody has any more is forgotten") {
    chat::interests all;
    all.begin(3, chat::room_subject("lobby"));
    all.begin(63, chat::room_subject("lobby"));
    CHECK(all.shards_for(chat::room_subject("lobby")) == (1ULL << 3 | 1ULL << 63));
    CHECK(all.shards_for(chat::person_subject("lobby")) == 0);
    all.end(3, chat::room_subject("lobby"));
    all.end(63, chat::room_subject("lobby"));
    CHECK(all.size() == 0);
    CHECK(all.shards_for({}) == ~std::uint64_t{0});
}

TEST_CASE("a hub is interested in the rooms and people that it has, and in nobody once they left") {
    quiet_shard shard;
    const auto hears_room = [&](const char* name) {
        return shard.bus.interests.shards_for(chat::room_subject(name)) != 0;
    };
    const auto hears_person = [&](const char* name) {
        return shard.bus.interests.shards_for(chat::person_subject(name)) != 0;
    };
    CHECK_FALSE(hears_room("lobby"));
    {
        client ann(shard, "ann"), again(shard, "ann");
        CHECK(hears_person("ann"));
        CHECK_FALSE(hears_room("lobby"));
        ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
        CHECK(hears_room("lobby"));
        ann.ask(R"({"type":"unsubscribe","id":2,"room":"lobby"})");
        CHECK_FALSE(hears_room("lobby"));
    }
    CHECK(shard.bus.interests.size() == 0);
}

TEST_CASE("a room that somebody only watches is of interest too") {
    quiet_shard shard;
    shard.ledger.join("lobby", "ann");
    client ann(shard, "ann");
    shard.ledger.say("lobby", "bob", "hello");
    shard.settle();
    shard.hub.tick(shard.now);
    REQUIRE(ann.all<protocol::head>().size() == 1);
    CHECK(ann.all<protocol::head>()[0].top == 2);
}

TEST_CASE("what is said between the list of rooms and the interest in them is not missed") {
    quiet_shard shard;
    shard.ledger.join("lobby", "ann");
    client ann(shard, "ann", false);
    ann.send(R"({"type":"hello","client":"test"})");
    shard.ledger.step();  // the list is read, and not yet told
    shard.ledger.say("lobby", "bob", "meanwhile");
    CHECK(shard.bus.hints.empty());
    shard.settle();
    shard.hub.tick(shard.now);
    REQUIRE(ann.all<protocol::welcome>().size() == 1);
    CHECK(ann.all<protocol::welcome>()[0].rooms[0].top == 1);
    REQUIRE(ann.all<protocol::head>().size() == 1);
    CHECK(ann.all<protocol::head>()[0].top == 2);
}

TEST_CASE("a list of rooms that all are followed already is read once, and one of new ones twice") {
    quiet_shard shard;
    shard.ledger.join("lobby", "ann");
    shard.ledger.join("lobby", "bob");
    client ann(shard, "ann");
    CHECK(shard.ledger.asked.lists == 2);
    client bob(shard, "bob");
    CHECK(shard.ledger.asked.lists == 3);
}

TEST_CASE("who joins a room elsewhere hears what was said in it before this shard followed it") {
    quiet_shard shard;
    client ann(shard, "ann");
    shard.ledger.submit(test::create_room("den", "Den", test::by("ann")),
                        [](const chat::outcome&) {});
    while (shard.ledger.step()) continue;
    shard.ledger.say("den", "bob", "at once");  // while the hint of the join is on its way
    shard.settle();
    shard.hub.tick(shard.now);
    const auto heads = ann.all<protocol::head>();
    REQUIRE_FALSE(heads.empty());
    CHECK(heads.back().room == "den");
    CHECK(heads.back().top == 3);
}
