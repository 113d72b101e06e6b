// A conversation from the outside: frames in, frames out.
#include "tests/unit/server/chat/client.hpp"

using namespace parley;
using tests::client;
using tests::quiet_shard;
using tests::range;
using tests::recording_peer;

TEST_CASE("hello comes first and is answered by welcome") {
    quiet_shard shard;
    client ann(shard, "ann", false);
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    CHECK(ann.error_code() == "forbidden");
    ann.take();
    shard.ledger.join("lobby", "ann");
    ann.ask(R"({"type":"hello","id":2,"client":"test"})");
    const auto welcomes = ann.all<protocol::welcome>();
    REQUIRE(welcomes.size() == 1);
    CHECK(welcomes[0].id == 2);
    CHECK(welcomes[0].me == "ann");
    REQUIRE(welcomes[0].rooms.size() == 1);
    CHECK(welcomes[0].rooms[0].room == "lobby");
    ann.take();
    ann.ask(R"({"type":"hello","client":"again"})");
    CHECK(ann.error_code() == "conflict");
}

TEST_CASE(
    "a message is answered and reaches everyone in the room, the sender included, and nobody "
    "else") {
    quiet_shard shard;
    client ann(shard, "ann"), bob(shard, "bob"), eve(shard, "eve");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    bob.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    ann.take(), bob.take();
    ann.ask(R"({"type":"send","id":2,"room":"lobby","nonce":"n1","text":"hello"})");
    const auto receipts = ann.all<protocol::ok>();
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].seq == 2);
    CHECK(ann.seqs() == range(2, 2));
    REQUIRE(bob.all<protocol::events>().size() == 1);
    CHECK(protocol::text_of(bob.all<protocol::events>()[0].events[0]) == "hello");
    CHECK(bob.all<protocol::events>()[0].events[0].author == "ann");
    CHECK(eve.seqs().empty());
}

TEST_CASE("one broadcast is one frame, the very same bytes for all members") {
    struct keeping_peer : recording_peer {
        std::vector<wire::shared_frame> frames;
        void push(wire::shared_frame frame) override { frames.push_back(std::move(frame)); }
    };
    quiet_shard shard;
    std::vector<std::unique_ptr<keeping_peer>> peers;
    std::vector<std::shared_ptr<chat::conversation>> talks;
    for (int i = 0; i < 100; ++i) {
        peers.push_back(std::make_unique<keeping_peer>());
        talks.push_back(
            shard.hub.open_conversation({"user" + std::to_string(i), "s", false}, *peers.back()));
        talks.back()->receive(R"({"type":"hello","client":"t"})", 0);
        talks.back()->receive(R"({"type":"subscribe","id":1,"room":"lobby"})", 0);
    }
    shard.settle();
    for (auto& peer : peers) peer->frames.clear();
    const auto before = shard.hub.counted().deliveries.value();
    shard.ledger.say("lobby", "somebody", "to all");
    shard.settle();
    for (auto& peer : peers) {
        REQUIRE(peer->frames.size() == 1);
        CHECK(peer->frames[0].get() == peers[0]->frames[0].get());
    }
    CHECK(shard.hub.counted().deliveries.value() - before == 100);
}

TEST_CASE("what is said while the first page is read falls neither between nor doubles") {
    quiet_shard shard;
    for (int i = 0; i < 10; ++i) shard.ledger.say("lobby", "bob", "before");
    shard.settle();
    client ann(shard, "ann");
    ann.send(R"({"type":"subscribe","id":1,"room":"lobby"})");
    // Committed and told after she registered: before her page is read, and between page and live.
    shard.ledger.say("lobby", "bob", "during");
    shard.tell();
    REQUIRE(shard.ledger.step());
    shard.ledger.say("lobby", "bob", "after");
    shard.settle();
    CHECK(ann.seqs() == range(1, 13));
}

TEST_CASE(
    "a subscription resumes after the event that the client holds, however many pages that takes") {
    quiet_shard shard;
    for (int i = 0; i < 700; ++i) shard.ledger.say("lobby", "bob", "text");
    shard.settle();
    client ann(shard, "ann");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby","epoch":1,"seq":100})");
    CHECK(ann.all<protocol::ok>()[0].top == 701);
    CHECK(ann.seqs() == range(101, 701));
}

TEST_CASE("a room on one's list is resumed without a gap, too, however far its top is") {
    quiet_shard shard;
    for (int i = 0; i < 700; ++i) shard.ledger.say("lobby", "bob", "text");
    shard.ledger.join("lobby", "ann");
    shard.settle();
    client ann(shard, "ann", false);
    ann.ask(R"({"type":"hello","client":"t","resume":[{"room":"lobby","epoch":1,"seq":10}]})");
    CHECK(ann.seqs() == range(11, 701));
    ann.take();
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby","epoch":1,"seq":300})");
    CHECK(ann.seqs() == range(301, 701));
}

TEST_CASE("a hello or subscribe that the ledger cannot serve now may be repeated") {
    quiet_shard shard;
    shard.ledger.join("lobby", "ann");
    client ann(shard, "ann", false);
    shard.ledger.refuses = [] { return true; };
    ann.ask(R"({"type":"hello","id":1,"client":"t"})");
    CHECK(ann.error_code() == "busy");
    shard.ledger.refuses = nullptr;
    ann.ask(R"({"type":"hello","id":2,"client":"t"})");
    CHECK(ann.all<protocol::welcome>().size() == 1);
    ann.take();
    shard.ledger.refuses = [] { return true; };
    ann.ask(R"({"type":"subscribe","id":3,"room":"lobby"})");
    CHECK(ann.error_code() == "busy");
    ann.take();
    shard.ledger.refuses = nullptr;
    shard.ledger.say("lobby", "bob", "the room is still on her list");
    shard.settle();
    shard.hub.tick(shard.now);
    CHECK(ann.all<protocol::head>().size() == 1);
}

TEST_CASE("when hints were dropped, what is live reads on from the ledger") {
    quiet_shard shard;
    client ann(shard, "ann");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    shard.ledger.say("lobby", "bob", "never told", true);
    shard.settle();
    CHECK(ann.seqs() == range(1, 1));
    shard.hub.hints_lost();
    shard.settle();
    CHECK(ann.seqs() == range(1, 2));
}

TEST_CASE("resync is said when continuity cannot be proved, and the newest page follows") {
    quiet_shard shard;
    for (int i = 0; i < 300; ++i) shard.ledger.say("lobby", "bob", "text");
    shard.settle();
    client ann(shard, "ann");
    SECTION("another epoch") {
        ann.ask(R"({"type":"subscribe","id":1,"room":"lobby","epoch":2,"seq":100})");
    }
    SECTION("beyond the top") {
        ann.ask(R"({"type":"subscribe","id":1,"room":"lobby","epoch":1,"seq":302})");
    }
    CHECK(ann.all<protocol::ok>()[0].resync == true);
    CHECK(ann.seqs() == range(202, 301));
}

TEST_CASE("hello resumes rooms without another answer") {
    quiet_shard shard;
    shard.ledger.say("lobby", "bob", "one");
    shard.ledger.say("lobby", "bob", "two");
    client ann(shard, "ann", false);
    ann.ask(
        R"({"type":"hello","client":"t","resume":[{"room":"lobby","epoch":1,"seq":2},{"room":"gone","epoch":1,"seq":1}]})");
    CHECK(ann.all<protocol::welcome>().size() == 1);
    CHECK(ann.all<protocol::ok>().empty());
    CHECK(ann.all<protocol::error>().empty());
    CHECK(ann.seqs() == range(3, 3));
}

TEST_CASE("a lost hint shows as a gap and is filled from the ledger") {
    quiet_shard shard;
    client ann(shard, "ann");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    shard.ledger.say("lobby", "bob", "never told", true);
    shard.settle();
    CHECK(ann.seqs() == range(1, 1));
    shard.ledger.say("lobby", "bob", "told");
    shard.settle();
    CHECK(ann.seqs() == range(1, 3));
}

TEST_CASE("who falls behind for what others leave unread is told the head when it has read all") {
    quiet_shard shard;
    client slow(shard, "slow");
    slow.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    slow.take();
    CHECK(slow.talk->fall_behind());
    slow.peer.full = true;
    for (int i = 0; i < 3; ++i) shard.ledger.say("lobby", "bob", "text");
    shard.settle();
    slow.send(R"({"type":"history","id":2,"room":"lobby","limit":10})");
    slow.ask(R"({"type":"ping","id":3})");
    CHECK(slow.take().size() == 1);  // the ping's answer: no page is read while it is held back
    slow.peer.full = false;
    slow.talk->drained();
    REQUIRE(slow.all<protocol::head>().size() == 1);
    CHECK(slow.all<protocol::head>()[0].top == 4);
    shard.settle();
    CHECK(slow.all<protocol::ok>().size() == 1);
    shard.ledger.say("lobby", "bob", "live again");
    shard.settle();
    CHECK(slow.seqs() == range(5, 5));
}

TEST_CASE("a page that was being read when its reader fell behind is not told") {
    quiet_shard shard;
    client slow(shard, "slow");
    slow.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    slow.take();
    slow.send(R"({"type":"subscribe","id":2,"room":"lobby","epoch":1,"seq":0})");
    CHECK(slow.talk->fall_behind());
    shard.settle();
    CHECK(slow.all<protocol::ok>().size() == 1);
    CHECK(slow.seqs().empty());
    slow.talk->drained();
    CHECK(slow.all<protocol::head>().size() == 1);
}

TEST_CASE("a slow reader is told the head when it drains, and the others notice nothing") {
    quiet_shard shard;
    client slow(shard, "slow"), bob(shard, "bob");
    slow.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    bob.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    slow.take(), bob.take();
    slow.peer.queued = shard.hub.settings().outbox_bytes_max + 1;
    for (int i = 0; i < 5; ++i) shard.ledger.say("lobby", "bob", "text");
    shard.settle();
    CHECK(slow.take().empty());
    CHECK(bob.seqs() == range(2, 6));
    CHECK(shard.hub.counted().behind.value() == 1);

    slow.peer.queued = 0;
    slow.talk->drained();
    REQUIRE(slow.all<protocol::head>().size() == 1);
    CHECK(slow.all<protocol::head>()[0].top == 6);
    slow.take();
    slow.ask(R"({"type":"history","id":3,"room":"lobby","after":1,"limit":200})");
    CHECK(slow.all<protocol::ok>()[0].events.value().size() == 5);
    shard.ledger.say("lobby", "bob", "live again");
    shard.settle();
    CHECK(slow.seqs() == range(7, 7));
}

TEST_CASE("a joined room that is not subscribed tells its head once a second") {
    quiet_shard shard;
    shard.ledger.join("lobby", "ann");
    client ann(shard, "ann");
    for (int i = 0; i < 7; ++i) shard.ledger.say("lobby", "bob", "text");
    shard.settle();
    CHECK(ann.take().empty());
    shard.hub.tick(shard.now);
    shard.hub.tick(shard.now);
    REQUIRE(ann.all<protocol::head>().size() == 1);
    CHECK(ann.all<protocol::head>()[0].top == 8);
}

TEST_CASE(
    "a room that was joined or left elsewhere is known on every device at once, with its title") {
    quiet_shard shard;
    client tab(shard, "ann"), other_tab(shard, "ann");
    tab.ask(R"({"type":"join","id":1,"room":"lobby"})");
    for (client* device : {&tab, &other_tab}) {
        REQUIRE(device->all<protocol::person>().size() == 1);
        const auto heard = device->all<protocol::person>()[0];
        REQUIRE(heard.rooms.size() == 1);
        CHECK(heard.rooms[0].title == "Lobby");
        CHECK((heard.rooms[0].joined && heard.rooms[0].top == 2 && heard.rooms[0].unread == 0));
        CHECK(std::get<protocol::membership>(heard.changes.at(0).body).on);
    }
    other_tab.take();
    tab.ask(R"({"type":"leave","id":2,"room":"lobby"})");
    REQUIRE(other_tab.all<protocol::person>().size() == 1);
    const auto left = other_tab.all<protocol::person>()[0];
    CHECK_FALSE(std::get<protocol::membership>(left.changes.at(0).body).on);
    other_tab.take();
    shard.ledger.say("lobby", "bob", "text");
    shard.settle();
    shard.hub.tick(shard.now);
    CHECK(other_tab.take().empty());
}

TEST_CASE("a mark goes to every device, and one's own message moves it where nothing was unread") {
    quiet_shard shard;
    client tab(shard, "ann"), phone(shard, "ann"), bob(shard, "bob");
    tab.ask(R"({"type":"join","id":1,"room":"lobby"})");
    const auto mark = [&phone] {
        const auto heard = phone.all<protocol::person>();
        const auto* one = heard.empty()
                              ? nullptr
                              : std::get_if<protocol::read_mark>(&heard.back().changes.back().body);
        return one ? one->room + " " + std::to_string(one->seq) + " " + std::to_string(one->said)
                   : "none";
    };
    phone.take();
    bob.ask(R"({"type":"send","id":1,"room":"lobby","nonce":"b1","text":"one"})");
    tab.ask(R"({"type":"send","id":2,"room":"lobby","nonce":"a1","text":"two"})");
    CHECK(mark() == "lobby 2 0");  // the same again: what was said is her own
    tab.ask(R"({"type":"mark","id":3,"room":"lobby","seq":3})");
    CHECK(mark() == "lobby 3 1");
    tab.ask(R"({"type":"mark","id":4,"room":"lobby","seq":900})");
    CHECK(mark() == "lobby 4 2");
    tab.ask(R"({"type":"send","id":5,"room":"lobby","nonce":"a2","text":"three"})");
    CHECK(mark() == "lobby 5 3");
    tab.ask(R"({"type":"mark","id":6,"room":"lobby","seq":2})");
    CHECK(mark() == "lobby 2 0");
    tab.take();
    tab.ask(R"({"type":"counts","id":7,"rooms":["lobby","nowhere"]})");
    const auto answer = tab.all<protocol::ok>().at(0);
    REQUIRE(answer.counts.value().size() == 1);
    CHECK((answer.counts->at(0).unread == 1 && answer.counts->at(0).said == 3 &&
           answer.counts->at(0).read == 2));
    CHECK(bob.all<protocol::person>().empty());
}

TEST_CASE("presence is the whole picture of a room") {
    quiet_shard shard;
    client ann(shard, "ann"), bob(shard, "bob"), bobs_phone(shard, "bob");
    for (auto* each : {&ann, &bob, &bobs_phone})
        each->ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    shard.hub.tick(shard.now);
    shard.settle();
    REQUIRE_FALSE(ann.all<protocol::presence>().empty());
    CHECK(ann.all<protocol::presence>().back().online == 2);
    CHECK(ann.all<protocol::presence>().back().users == std::vector<std::string>{"ann", "bob"});
    ann.take();
    bob.talk.reset();
    bobs_phone.talk.reset();
    shard.hub.tick(shard.now);
    shard.settle();
    CHECK(ann.all<protocol::presence>().back().online == 1);
}

TEST_CASE("an answer that comes after the connection went is dropped") {
    quiet_shard shard;
    auto ann = std::make_unique<client>(shard, "ann");
    ann->send(R"({"type":"send","id":1,"room":"lobby","nonce":"n","text":"last words"})");
    ann.reset();
    shard.settle();
    CHECK(protocol::text_of(shard.ledger.log("lobby").back()) == "last words");
}

TEST_CASE("a stale page is not told after the room was left and entered again") {
    quiet_shard shard;
    client ann(shard, "ann");
    ann.send(R"({"type":"subscribe","id":1,"room":"lobby"})");
    ann.send(R"({"type":"unsubscribe","id":2,"room":"lobby"})");
    ann.send(R"({"type":"subscribe","id":3,"room":"lobby"})");
    shard.settle();
    CHECK(ann.all<protocol::ok>().size() == 3);
    CHECK(ann.seqs() == range(1, 1));
}

TEST_CASE("a page that comes after the room was left admits nobody") {
    quiet_shard shard;
    for (const char* user : {"ann", "bob"}) shard.ledger.join("lobby", user);
    client bob(shard, "bob");
    bob.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    client ann(shard, "ann");
    ann.send(R"({"type":"subscribe","id":1,"room":"lobby"})");
    ann.send(R"({"type":"unsubscribe","id":2,"room":"lobby"})");
    shard.settle();
    shard.hub.check_invariants();
    shard.hub.tick(shard.now);
    shard.settle();
    CHECK(bob.all<protocol::presence>().back().users == std::vector<std::string>{"bob"});
    CHECK(ann.all<protocol::ok>().size() == 2);
    CHECK(ann.seqs().empty());
}
