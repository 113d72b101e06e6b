// A conversation from the outside: frames in, frames out.
#include "server/chat/conversation.hpp"

#include "tests/unit/catch.hpp"
#include "tests/unit/server/chat/twins.hpp"

using namespace parley;
using tests::quiet_shard;
using tests::recording_peer;

namespace {

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
            if (auto* one = std::get_if<Notice>(&std::get<protocol::notice>(read))) found.push_back(std::move(*one));
        }
        return found;
    }
    std::vector<std::uint64_t> seqs() {
        std::vector<std::uint64_t> found;
        for (const auto& frame : all<protocol::events>())
            for (const auto& one : frame.events) found.push_back(one.seq);
        return found;
    }
    std::string error_code() {
        const auto errors = all<protocol::error>();
        return errors.size() == 1 ? errors[0].code : std::to_string(errors.size()) + " errors";
    }
};

std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> all;
    for (auto seq = first; seq <= last; ++seq) all.push_back(seq);
    return all;
}

}  // namespace

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

TEST_CASE("a message is answered and reaches everyone in the room, the sender included, and nobody else") {
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
    CHECK(bob.all<protocol::events>()[0].events[0].text == "hello");
    CHECK(bob.all<protocol::events>()[0].events[0].author == "ann");
    CHECK(eve.seqs().empty());
}

TEST_CASE("one broadcast is one frame, the very same bytes for all members") {
    struct keeping_peer : recording_peer {
        std::vector<chat::shared_frame> frames;
        void push(chat::shared_frame frame) override { frames.push_back(std::move(frame)); }
    };
    quiet_shard shard;
    std::vector<std::unique_ptr<keeping_peer>> peers;
    std::vector<std::shared_ptr<chat::conversation>> talks;
    for (int i = 0; i < 100; ++i) {
        peers.push_back(std::make_unique<keeping_peer>());
        talks.push_back(shard.hub.open_conversation({"user" + std::to_string(i), "s", false}, *peers.back()));
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

TEST_CASE("a subscription resumes after the event that the client holds, however many pages that takes") {
    quiet_shard shard;
    for (int i = 0; i < 700; ++i) shard.ledger.say("lobby", "bob", "text");
    shard.settle();
    client ann(shard, "ann");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby","epoch":1,"seq":100})");
    CHECK(ann.all<protocol::ok>()[0].top == 701);
    CHECK(ann.seqs() == range(101, 701));
}

TEST_CASE("resync is said when continuity cannot be proved, and the newest page follows") {
    quiet_shard shard;
    for (int i = 0; i < 300; ++i) shard.ledger.say("lobby", "bob", "text");
    shard.settle();
    client ann(shard, "ann");
    SECTION("another epoch") { ann.ask(R"({"type":"subscribe","id":1,"room":"lobby","epoch":2,"seq":100})"); }
    SECTION("beyond the top") { ann.ask(R"({"type":"subscribe","id":1,"room":"lobby","epoch":1,"seq":302})"); }
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

TEST_CASE("a slow reader is told the head when it drains, and the others notice nothing") {
    quiet_shard shard;
    client slow(shard, "slow"), bob(shard, "bob");
    slow.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    bob.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    slow.take(), bob.take();
    slow.peer.queued = shard.hub.how().outbox_bytes_max + 1;
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
    CHECK(slow.all<protocol::ok>()[0].events.size() == 5);
    shard.ledger.say("lobby", "bob", "live again");
    shard.settle();
    CHECK(slow.seqs() == range(7, 7));
}

TEST_CASE("sends beyond the burst are refused with the time to wait") {
    quiet_shard shard;
    client ann(shard, "ann");
    const auto send = [&](int i) {
        ann.ask(R"({"type":"send","id":1,"room":"lobby","nonce":"n)" + std::to_string(i) + R"(","text":"x"})");
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

TEST_CASE("the 33rd request in flight is refused, and there is room again after an answer") {
    quiet_shard shard({0, 0, 512 * 1024, "t"});
    client ann(shard, "ann");
    for (int i = 0; i < 32; ++i) ann.send(R"({"type":"history","id":1,"room":"lobby","limit":1})");
    CHECK(ann.take().empty());
    ann.send(R"({"type":"history","id":33,"room":"lobby","limit":1})");
    CHECK(ann.error_code() == "busy");
    ann.take();
    shard.settle();
    ann.take();
    ann.send(R"({"type":"history","id":34,"room":"lobby","limit":1})");
    CHECK(ann.take().empty());
}

TEST_CASE("64 rooms can be subscribed, the 65th is refused") {
    quiet_shard shard({0, 0, 512 * 1024, "t"});
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

TEST_CASE("a room that was joined elsewhere appears by its head, and goes when left") {
    quiet_shard shard;
    client tab(shard, "ann"), other_tab(shard, "ann");
    tab.ask(R"({"type":"join","id":1,"room":"lobby"})");
    REQUIRE(other_tab.all<protocol::head>().size() == 1);
    CHECK(other_tab.all<protocol::head>()[0].room == "lobby");
}

TEST_CASE("presence is the whole picture of a room") {
    quiet_shard shard;
    client ann(shard, "ann"), bob(shard, "bob"), bobs_phone(shard, "bob");
    for (auto* each : {&ann, &bob, &bobs_phone}) each->ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
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

TEST_CASE("a session that ended closes its connections, and only those") {
    quiet_shard shard;
    client ann(shard, "ann"), bob(shard, "bob");
    shard.hub.receive(chat::session_ended{"session-ann"});
    CHECK(ann.peer.closed_with == 4102);
    CHECK(bob.peer.closed_with == 0);
}

TEST_CASE("an answer that comes after the connection went is dropped") {
    quiet_shard shard;
    auto ann = std::make_unique<client>(shard, "ann");
    ann->send(R"({"type":"send","id":1,"room":"lobby","nonce":"n","text":"last words"})");
    ann.reset();
    shard.settle();
    CHECK(shard.ledger.log("lobby").back().text == "last words");
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

TEST_CASE("a direct room is between two accounts, by its derived name") {
    quiet_shard shard;
    client ann(shard, "ann");
    ann.ask(R"({"type":"create_room","id":1,"room":"dm.bob.ann"})");
    CHECK(ann.error_code() == "bad_field");
    ann.take();
    ann.ask(R"({"type":"create_room","id":1,"room":"dm.bob.eve"})");
    CHECK(ann.error_code() == "bad_field");
    ann.take();
    ann.ask(R"({"type":"create_room","id":1,"room":"dm.ann.bob"})");
    CHECK(ann.all<protocol::ok>().size() == 1);
    ann.take();
    recording_peer peer;
    const auto guest = shard.hub.open_exchange({"gus", "s", true}, peer);
    guest->receive(R"({"type":"create_room","id":1,"room":"dm.ann.gus"})", 0);
    REQUIRE(peer.received.size() == 1);
    CHECK(peer.received[0].find("forbidden") != std::string::npos);
}
