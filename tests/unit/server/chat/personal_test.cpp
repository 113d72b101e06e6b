// Every device of a person hears what they keep, in order; what one misses is read once for all.
#include "tests/unit/server/chat/client.hpp"

#include <string>
#include <vector>

using namespace parley;
using tests::client;
using tests::quiet_shard;

namespace {

std::string draft(const std::string& text, int id = 1) {
    return R"({"type":"draft","id":)" + std::to_string(id) + R"(,"room":"lobby","text":")" + text +
           "\"}";
}
chat::authored<protocol::set_draft> elsewhere(const std::string& text) {
    return {{.room = "lobby", .text = text}, test::by("ann")};
}

// The drafts that a device was told, in order.
std::vector<std::string> drafts(client& device) {
    std::vector<std::string> out;
    for (const auto& notice : device.all<protocol::person>())
        for (const auto& change : notice.changes)
            if (const auto* one = std::get_if<protocol::draft>(&change.body))
                out.push_back(one->text);
    return out;
}
using strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a change of a record is answered with its seq and told to every device") {
    quiet_shard shard;
    client tab(shard, "ann"), phone(shard, "ann"), bob(shard, "bob");
    tab.ask(draft("hel"));
    tab.ask(draft("hello", 2));
    REQUIRE(tab.all<protocol::ok>().size() == 2);
    CHECK(tab.all<protocol::ok>()[1].person == tab.all<protocol::person>()[1].seq);
    CHECK(drafts(tab) == strings{"hel", "hello"});
    CHECK(drafts(phone) == strings{"hel", "hello"});
    CHECK(bob.take().empty());
    tab.take();
    tab.ask(draft("hello", 3));
    CHECK(tab.all<protocol::ok>().size() == 1);
    CHECK(tab.all<protocol::person>().empty());
}

TEST_CASE("a device that comes back is told what changed, and one that holds nothing everything") {
    quiet_shard shard;
    client tab(shard, "ann");
    tab.ask(draft("hello"));
    tab.ask(R"({"type":"star","id":2,"room":"lobby","on":true})");
    const auto held = tab.all<protocol::person>()[0].seq;
    client phone(shard, "ann", false);
    phone.ask(R"({"type":"hello","client":"test","person":)" + std::to_string(held) + "}");
    const auto welcome = phone.all<protocol::welcome>().at(0);
    CHECK((welcome.person == held + 1 && !welcome.anew && welcome.changes->size() == 1));
    CHECK(std::get<protocol::star>(welcome.changes->at(0).body).on);
    client other(shard, "ann", false);
    other.ask(R"({"type":"hello","client":"test"})");
    const auto all = other.all<protocol::welcome>().at(0);
    CHECK((all.person == held + 1 && all.anew == true && all.changes->size() == 2));
}

TEST_CASE("records that are too long for the welcome follow it") {
    quiet_shard shard;
    client tab(shard, "ann");
    for (const char* room : {"a1", "a2"}) {
        tab.ask(R"({"type":"create_room","id":1,"room":")" + std::string(room) + "\"}");
        tab.ask(R"({"type":"draft","id":2,"room":")" + std::string(room) + R"(","text":")" +
                std::string(10'000, 'x') + "\"}");
    }
    client phone(shard, "ann", false);
    phone.ask(R"({"type":"hello","client":"test"})");
    const auto welcome = phone.all<protocol::welcome>().at(0);
    CHECK((welcome.person == 0 && welcome.changes->empty()));
    const auto after = phone.all<protocol::person>().at(0);
    CHECK((after.anew == true && after.changes.size() == 2));
    phone.take();
    tab.ask(draft("short", 3));
    CHECK(drafts(phone) == strings{"short"});
}

TEST_CASE("a lost change shows by the next one and is read once for all devices of the person") {
    quiet_shard shard;
    client tab(shard, "ann"), phone(shard, "ann");
    tab.ask(draft("first"));
    tab.take();
    phone.take();
    shard.ledger.asked = {};
    shard.ledger.happen(elsewhere("lost"), true);
    shard.ledger.happen(
        chat::authored<protocol::set_star>{{.room = "lobby", .on = true}, test::by("ann")});
    shard.settle();
    CHECK(shard.ledger.asked.lists == 1);
    for (client* device : {&tab, &phone}) {
        const auto heard = device->all<protocol::person>();
        REQUIRE(heard.size() == 1);
        CHECK((heard[0].changes.size() == 2 && !heard[0].anew));
    }
    tab.ask(draft("next"));
    CHECK(drafts(phone) == strings{"lost", "next"});
}

TEST_CASE("a hint that comes twice is told once") {
    quiet_shard shard;
    client tab(shard, "ann");
    shard.ledger.happen(elsewhere("once"));
    const auto hints = shard.bus.hints;
    shard.settle();
    for (const auto& one : hints) shard.hub.receive(*one);
    CHECK(drafts(tab) == strings{"once"});
}

TEST_CASE("when hints may be lost and none was, a device is told nothing") {
    quiet_shard shard;
    client tab(shard, "ann");
    tab.ask(draft("hello"));
    tab.take();
    shard.hub.hints_lost();
    shard.settle();
    CHECK(tab.take().empty());
}

TEST_CASE("a device that came while the list was read is not skipped what it lacks") {
    quiet_shard shard;
    client tab(shard, "ann");
    shard.ledger.happen(elsewhere("before"));
    shard.settle();
    // Its hello is carried out before the next changes, and answered after the list was read.
    client phone(shard, "ann", false);
    phone.send(R"({"type":"hello","client":"test"})");
    REQUIRE(shard.ledger.read(0));
    shard.ledger.happen(elsewhere("between"));
    shard.tell();
    shard.hub.hints_lost();
    REQUIRE(shard.ledger.read(0));
    while (shard.ledger.answer_query(0)) continue;
    shard.settle();
    const auto welcome = phone.all<protocol::welcome>().at(0);
    REQUIRE(welcome.changes->size() == 1);
    CHECK(drafts(phone) == strings{"between"});
}

TEST_CASE("whoever reads too slowly is sent what it missed when it reads again, once") {
    quiet_shard shard;
    client tab(shard, "ann"), slow(shard, "ann");
    slow.peer.full = true;
    for (int i = 0; i < 5; ++i) tab.ask(draft("half " + std::to_string(i), i));
    CHECK(drafts(slow).empty());
    slow.peer.full = false;
    slow.talk->drained();
    shard.settle();
    CHECK(drafts(slow) == strings{"half 4"});
    CHECK(drafts(tab).size() == 5);
}

TEST_CASE("the list of one person that shows news of a room is news to all who watch it") {
    quiet_shard shard;
    for (const char* user : {"ann", "bob"}) shard.ledger.join("lobby", user);
    client ann(shard, "ann"), bob(shard, "bob");
    shard.ledger.say("lobby", "cat", "unheard", true);
    shard.ledger.happen(elsewhere("lost"), true);
    shard.ledger.happen(elsewhere("and next"));
    shard.settle();
    shard.hub.tick(shard.now);
    CHECK(ann.all<protocol::person>().back().rooms.at(0).top == 2);
    REQUIRE(bob.all<protocol::head>().size() == 1);
    CHECK(bob.all<protocol::head>()[0].top == 2);
}

TEST_CASE("whoever unsubscribes is told the head, for they may have passed over events") {
    quiet_shard shard;
    shard.ledger.join("lobby", "ann");
    client ann(shard, "ann");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    shard.ledger.say("lobby", "bob", "on the way");
    shard.settle();
    ann.take();
    ann.ask(R"({"type":"unsubscribe","id":2,"room":"lobby"})");
    shard.hub.tick(shard.now);
    REQUIRE(ann.all<protocol::head>().size() == 1);
    CHECK(ann.all<protocol::head>()[0].top == 2);
}
