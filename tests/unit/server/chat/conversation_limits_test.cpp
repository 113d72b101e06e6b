// What a conversation refuses, and to whom: allowances, counts, rights.
#include "tests/unit/server/chat/client.hpp"

using namespace parley;
using tests::client;
using tests::quiet_shard;
using tests::range;
using tests::recording_peer;

TEST_CASE("sends beyond the burst are refused with the time to wait") {
    quiet_shard shard;
    client ann(shard, "ann");
    const auto send = [&](int i) {
        ann.ask(R"({"type":"send","id":1,"room":"lobby","nonce":"n)" + std::to_string(i) +
                R"(","text":"x"})");
    };
    for (int i = 0; i < 30; ++i) send(i);
    CHECK(ann.all<protocol::error>().empty());
    send(30);
    REQUIRE(ann.error_code() == "rate");
    CHECK(ann.all<protocol::error>()[0].retry_ms == 200);
    ann.take();
    shard.now += 200;
    send(31);
    CHECK(ann.all<protocol::ok>().size() == 1);
    send(32);
    CHECK(ann.error_code() == "rate");
}

TEST_CASE(
    "look-ups beyond their allowance are refused with the time to wait, whatever they look up") {
    quiet_shard shard;
    client ann(shard, "ann");
    const auto pass = [&](const std::string& request) {
        ann.take();
        ann.ask(request);
        return ann.all<protocol::error>().empty();
    };
    const std::string requests[] = {
        R"({"type":"subscribe","id":1,"room":"lobby"})",
        R"({"type":"unsubscribe","id":1,"room":"lobby"})",
        R"({"type":"history","id":1,"room":"lobby","limit":1})",
        R"({"type":"list_rooms","id":1})",
        R"({"type":"catch_up","id":1,"room":"lobby","seq":0,"limit":1})",
        R"({"type":"counts","id":1,"rooms":["lobby"]})",
        R"({"type":"mark","id":1,"room":"lobby","seq":1})"};
    std::size_t passed = 0;
    while (pass(requests[passed % 4])) ++passed;
    CHECK(passed == chat::lookups_allowed.burst);
    for (const auto& one : requests) {
        CHECK_FALSE(pass(one));
        CHECK(ann.error_code() == "rate");
        CHECK(ann.all<protocol::error>()[0].retry_ms == 50);
    }
    CHECK(pass(R"({"type":"send","id":1,"room":"lobby","nonce":"n","text":"x"})"));
    shard.now += 50;
    CHECK(pass(requests[2]));
}

TEST_CASE("over HTTP a user's allowances are shared by all of its requests") {
    quiet_shard shard({.send_burst = 2, .send_per_second = 1, .node = "t"});
    const auto ask = [&](const std::string& user, const std::string& request) {
        recording_peer peer;
        const auto exchange = shard.hub.open_exchange({user, "session-" + user, false}, peer);
        exchange->receive(request, shard.now);
        shard.settle();
        return peer.received.empty() ? "" : peer.received[0];
    };
    const std::string history = R"({"type":"history","id":1,"room":"lobby","limit":1})";
    for (std::size_t i = 0; i < chat::lookups_allowed.burst; ++i)
        CHECK(ask("ann", history).find("\"ok\"") != std::string::npos);
    CHECK(ask("ann", history).find("\"rate\"") != std::string::npos);
    CHECK(ask("ann", R"({"type":"hello","id":1,"client":"t"})").find("\"rate\"") !=
          std::string::npos);
    CHECK(ask("bob", history).find("\"ok\"") != std::string::npos);
    shard.hub.tick(shard.now);
    CHECK(ask("ann", history).find("\"rate\"") != std::string::npos);
}

TEST_CASE("when very many users ask over HTTP, those who asked most are not forgotten") {
    quiet_shard shard({.send_burst = 2, .send_per_second = 1, .node = "t"});
    const auto passes = [&](const std::string& user) {
        recording_peer peer;
        const auto exchange = shard.hub.open_exchange({user, "session-" + user, false}, peer);
        exchange->receive(R"({"type":"send","id":1,"room":"lobby","nonce":"n","text":"x"})",
                          shard.now);
        shard.settle();
        return peer.received.at(0).find("\"rate\"") == std::string::npos;
    };
    for (int i = 0; i < 4'096; ++i) CHECK(passes("user" + std::to_string(i)));
    for (int i = 0; i < 20; ++i)
        for (int j = 0; j < 3; ++j) CHECK(passes("eager" + std::to_string(i)) == (j < 2));
    for (int i = 0; i < 10; ++i) CHECK(passes("newcomer" + std::to_string(i)));
    for (int i = 0; i < 20; ++i) CHECK_FALSE(passes("eager" + std::to_string(i)));
}

TEST_CASE("who goes on being too fast is closed, who waits as told is not") {
    quiet_shard shard({.send_burst = 1, .send_per_second = 1, .node = "t"});
    client ann(shard, "ann"), bob(shard, "bob");
    const auto say = [&](client& who, int i) {
        who.ask(R"({"type":"send","id":1,"room":"lobby","nonce":"n)" + std::to_string(i) +
                R"(","text":"x"})");
    };
    for (int i = 0; i <= 100; ++i) say(ann, i);
    CHECK(ann.peer.closed_with == 0);
    say(ann, 101);
    CHECK(ann.peer.closed_with == 4100);
    CHECK(ann.all<protocol::ok>().size() == 1);
    CHECK(ann.all<protocol::error>().size() == 101);
    for (int i = 0; i < 1000; ++i, shard.now += 100) say(bob, i);
    CHECK(bob.peer.closed_with == 0);
}

TEST_CASE("without a limit to messages a load is measured without any limit") {
    quiet_shard shard({.send_burst = 0, .send_per_second = 5, .node = "t"});
    client ann(shard, "ann");
    for (int i = 0; i < 1000; ++i) {
        ann.ask(R"({"type":"send","id":1,"room":"lobby","nonce":"n)" + std::to_string(i) +
                R"(","text":"x"})");
        ann.ask(R"({"type":"history","id":1,"room":"lobby","limit":1})");
    }
    CHECK(ann.all<protocol::error>().empty());
    CHECK(shard.hub.settings().bytes().burst == 0);
    CHECK(shard.hub.settings().control_frames().burst == 0);
}

TEST_CASE("the 33rd request in flight is refused, and there is room again after an answer") {
    quiet_shard shard({.send_burst = 0, .send_per_second = 0, .node = "t"});
    client ann(shard, "ann");
    for (int i = 0; i < 32; ++i) ann.send(R"({"type":"history","id":1,"room":"lobby","limit":1})");
    CHECK(ann.take().empty());
    CHECK(shard.ledger.waiting() == 2);  // pages are read two at a time
    ann.send(R"({"type":"history","id":33,"room":"lobby","limit":1})");
    CHECK(ann.error_code() == "busy");
    ann.take();
    shard.settle();
    CHECK(ann.all<protocol::ok>().size() == 32);
    ann.take();
    ann.send(R"({"type":"history","id":34,"room":"lobby","limit":1})");
    CHECK(ann.take().empty());
}

TEST_CASE("rooms that are resumed do not count as requests in flight") {
    quiet_shard shard;
    client ann(shard, "ann", false);
    std::string resume;
    for (int i = 0; i < 40; ++i) {
        const std::string room = "room" + std::to_string(i);
        shard.ledger.submit(test::create_room(room, room, test::passer_by("parley")),
                            [](const chat::outcome&) {});
        resume += (i ? "," : "") + (R"({"room":")" + room) + R"(","epoch":1,"seq":1})";
    }
    shard.settle();
    ann.send(R"({"type":"hello","client":"t","resume":[)" + resume + "]}");
    while (ann.peer.received.empty()) shard.ledger.step();
    ann.take();
    ann.ask(R"({"type":"history","id":1,"room":"lobby","limit":1})");
    CHECK(ann.all<protocol::error>().empty());
    CHECK(ann.all<protocol::ok>().size() == 1);
}

TEST_CASE("64 rooms can be subscribed, the 65th is refused") {
    quiet_shard shard({.send_burst = 0, .send_per_second = 0, .node = "t"});
    client ann(shard, "ann");
    for (int i = 0; i < 65; ++i) {
        const std::string room = "room" + std::to_string(i);
        ann.ask(R"({"type":"create_room","id":1,"room":")" + room + R"("})");
        ann.take();
        ann.ask(R"({"type":"subscribe","id":2,"room":")" + room + R"("})");
        if (i < 64) CHECK(ann.all<protocol::ok>().size() == 1);
    }
    CHECK(ann.error_code() == "limit");
}

TEST_CASE("ten malformed frames in a row close the connection, nine and a good one do not") {
    quiet_shard shard;
    client ann(shard, "ann");
    for (int i = 0; i < 9; ++i) ann.send("not json");
    ann.send(R"({"type":"ping","id":1})");
    for (int i = 0; i < 9; ++i) ann.send("[]");
    CHECK(ann.peer.closed_with == 0);
    ann.talk->receive_binary();
    CHECK(ann.peer.closed_with == 4100);
}

TEST_CASE(
    "a connection that does not read makes the server hold no more than its outbox and two pages") {
    quiet_shard shard({.send_burst = 0, .send_per_second = 0, .node = "t"});
    client slow(shard, "slow");
    slow.peer.queued = shard.hub.settings().outbox_bytes_max + 1;
    for (int i = 0; i < 20; ++i)
        slow.send(R"({"type":"history","id":1,"room":"lobby","limit":200})");
    shard.settle();
    CHECK(slow.take().empty());
    slow.peer.queued = 0;
    slow.talk->drained();
    shard.settle();
    CHECK(slow.all<protocol::ok>().size() == 20);
}

TEST_CASE("a name without a session sees no direct room, and is given up when somebody takes it") {
    quiet_shard shard;
    shard.ledger.happen(test::open_direct("ann", {"bob"}));
    shard.ledger.say("dm-ann-bob", "bob", "psst");
    recording_peer peer;
    const auto guest = shard.hub.open_conversation({"ann", "", true}, peer);
    guest->receive(
        R"({"type":"hello","client":"t","resume":[{"room":"dm-ann-bob","epoch":1,"seq":0}]})", 0);
    shard.settle();
    REQUIRE(peer.received.size() == 1);
    CHECK(peer.received[0].find("dm-ann-bob") == std::string::npos);
    const std::pair<const char*, const char*> refused[] = {
        {R"({"type":"subscribe","id":1,"room":"dm-ann-bob"})", "not_found"},
        {R"({"type":"history","id":1,"room":"dm-ann-bob","limit":9})", "not_found"},
        {R"({"type":"catch_up","id":1,"room":"dm-ann-bob","seq":0,"limit":9})", "not_found"},
        {R"({"type":"send","id":1,"room":"dm-ann-bob","nonce":"n","text":"x"})", "not_found"},
        {R"({"type":"leave","id":1,"room":"lobby"})", "forbidden"},
        {R"({"type":"join","id":1,"room":"lobby"})", "forbidden"},
        {R"({"type":"mark","id":1,"room":"lobby","seq":1})", "forbidden"}};
    for (const auto& [request, code] : refused) {
        peer.received.clear();
        guest->receive(request, 0);
        shard.settle();
        REQUIRE(peer.received.size() == 1);
        CHECK(peer.received[0].find(code) != std::string::npos);
    }
    recording_peer ann;
    const auto proved = shard.hub.open_conversation({"ann", "session", false}, ann);
    shard.hub.receive(chat::name_taken{"ann"});
    CHECK(peer.closed_with == 4101);
    CHECK(ann.closed_with == 0);
}

TEST_CASE("who is not let in neither sees who is there nor types at them") {
    quiet_shard shard;
    client ann(shard, "ann"), mal(shard, "mal");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    shard.hub.tick(shard.now);
    shard.settle();
    ann.take();
    shard.ledger.refuses = [] { return true; };
    mal.send(R"({"type":"subscribe","id":1,"room":"lobby"})");
    mal.send(R"({"type":"typing","room":"lobby","active":true})");
    shard.hub.tick(shard.now);
    shard.settle();
    CHECK(mal.all<protocol::presence>().empty());
    CHECK(ann.take().empty());
}

TEST_CASE("typing signs reach the others, at most one in three seconds") {
    quiet_shard shard;
    client ann(shard, "ann"), bob(shard, "bob");
    ann.ask(R"({"type":"typing","room":"lobby","active":true})");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    bob.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    ann.take(), bob.take();
    for (int i = 0; i < 5; ++i) ann.ask(R"({"type":"typing","room":"lobby","active":true})");
    CHECK(bob.all<protocol::typing_sign>().size() == 1);
    CHECK(ann.take().empty());
    ann.ask(R"({"type":"typing","room":"lobby","active":false})");
    ann.ask(R"({"type":"typing","room":"lobby","active":false})");
    CHECK(bob.all<protocol::typing_sign>().size() == 2);
    shard.now += 3000;
    ann.ask(R"({"type":"typing","room":"lobby","active":true})");
    CHECK(bob.all<protocol::typing_sign>().size() == 3);
}

TEST_CASE("a session that ended closes its connections, and only those") {
    quiet_shard shard;
    client ann(shard, "ann"), bob(shard, "bob");
    shard.hub.receive(chat::session_ended{"session-ann"});
    CHECK(ann.peer.closed_with == 4102);
    CHECK(bob.peer.closed_with == 0);
    client late(shard, "ann", false);
    CHECK(late.peer.closed_with == 4102);
}

TEST_CASE("a direct room is opened by its people, and closed without an event") {
    quiet_shard shard;
    client ann(shard, "ann"), bob(shard, "bob");
    for (const char* name : {"dm.ann.bob", "dm-ann-bob"}) {
        ann.ask(R"({"type":"create_room","id":1,"room":")" + std::string(name) + R"("})");
        CHECK(ann.error_code() == "forbidden");
        ann.take();
    }
    ann.ask(R"({"type":"open_direct","id":1,"nonce":"n","people":["bob","ann"]})");
    CHECK(ann.error_code() == "bad_field");
    ann.take();
    ann.ask(R"({"type":"open_direct","id":1,"nonce":"n","people":["~gus"]})");
    CHECK(ann.error_code() == "bad_field");
    ann.take();
    ann.ask(R"({"type":"open_direct","id":1,"nonce":"n","people":["bob"]})");
    const auto opened = ann.all<protocol::ok>();
    REQUIRE(opened.size() == 1);
    CHECK((opened[0].room == "dm-ann-bob" && opened[0].seq == 1 && opened[0].top == 1));
    CHECK(ann.all<protocol::person>().size() == 1);
    CHECK(bob.take().empty());
    ann.take();
    ann.ask(R"({"type":"send","id":2,"room":"dm-ann-bob","nonce":"m","text":"hi"})");
    const auto heard = bob.all<protocol::person>();
    REQUIRE(heard.size() == 1);
    REQUIRE(heard[0].rooms.size() == 1);
    CHECK((heard[0].rooms[0].room == "dm-ann-bob" && heard[0].rooms[0].title == "ann"));
    bob.take();
    bob.ask(R"({"type":"leave","id":1,"room":"dm-ann-bob"})");
    REQUIRE(bob.all<protocol::ok>().size() == 1);
    CHECK_FALSE(bob.all<protocol::ok>()[0].seq.has_value());
    CHECK(bob.all<protocol::person>().size() == 1);
    CHECK(shard.ledger.log("dm-ann-bob").size() == 2);
}

TEST_CASE("guests have no direct rooms, with a session or without") {
    quiet_shard shard;
    for (const char* session : {"", "s"}) {
        recording_peer peer;
        const auto guest = shard.hub.open_exchange({"~gus", session, true}, peer);
        guest->receive(R"({"type":"open_direct","id":1,"nonce":"n","people":["ann"]})", 0);
        shard.settle();
        REQUIRE(peer.received.size() == 1);
        CHECK(peer.received[0].find("forbidden") != std::string::npos);
    }
}
