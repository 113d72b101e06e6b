// Rooms: what is refused, what is repeated, and what every change leaves in the log.
#include "server/chat/rules.hpp"

#include "tests/unit/server/storage/ledger_rig.hpp"

using namespace parley;
using namespace parley::test;
using protocol::error_code;
using direction = chat::read_page::direction;

TEST_CASE("the lobby is there from the first start, and only once") {
    ledger_rig rig;
    rig.reopen();
    CHECK(log_of(rig, "lobby") == std::vector<std::string>{"created parley"});
    CHECK(summary(rig, "ann", "lobby").title == "Lobby");
}

TEST_CASE(
    "a message gets the next seq, and the same nonce gets the first receipt again, after a restart "
    "too") {
    ledger_rig rig;
    const auto hello = test::send("lobby", by("ann"), "n1", "hello", 1);
    const auto first = done(*rig.log, hello);
    CHECK(first.seq == 2);
    CHECK(first.at == rig.now);
    rig.now += 5'000;
    rig.say("lobby", "bob", "hi", "n1");  // another author's nonce is another nonce
    rig.reopen();
    const auto again = done(*rig.log, hello);
    CHECK(again.seq == first.seq);
    CHECK(again.at == first.at);
    CHECK(again.top == 3);
    CHECK(log_of(rig, "lobby").size() == 3);
}

TEST_CASE("the same nonce with other content is a conflict") {
    ledger_rig rig;
    done(*rig.log, test::create_room("tea", "Tea", passer_by("ann")));
    done(*rig.log, test::send("lobby", by("ann"), "n1", "hello", {}));
    CHECK(refused(*rig.log, test::send("lobby", by("ann"), "n1", "other", {})) ==
          error_code::conflict);
    CHECK(refused(*rig.log, test::send("lobby", by("ann"), "n1", "hello", 1)) ==
          error_code::conflict);
    CHECK(refused(*rig.log, test::send("tea", by("ann"), "n1", "hello", {})) ==
          error_code::conflict);
    CHECK(refused(*rig.log, test::send("lobby", by("ann"), "n1", "hello", 999)) ==
          error_code::conflict);
    CHECK(log_of(rig, "lobby").size() == 2);
}

TEST_CASE("a reply answers an event that is there") {
    ledger_rig rig;
    CHECK(refused(*rig.log, test::send("lobby", by("ann"), "n1", "x", 0)) == error_code::not_found);
    CHECK(refused(*rig.log, test::send("lobby", by("ann"), "n1", "x", 2)) == error_code::not_found);
    CHECK(done(*rig.log, test::send("lobby", by("ann"), "n1", "x", 1)).seq == 2);
    CHECK(refused(*rig.log, test::send("nowhere", by("ann"), "n2", "x", {})) ==
          error_code::not_found);
}

TEST_CASE("a refusal changes nothing for the others of its group") {
    ledger_rig rig;
    std::vector<awaited<chat::outcome>> became;
    for (int i = 0; i < 50; ++i) {
        became.push_back(
            submit(*rig.log, test::send("lobby", by("ann"), "n" + std::to_string(i), "x", {})));
        became.push_back(
            submit(*rig.log, test::send("lobby", by("ann"), "m" + std::to_string(i), "x", 9'999)));
    }
    for (std::size_t i = 0; i < became.size(); i += 2) {
        CHECK(done(became[i].get()).seq == i / 2 + 2);
        CHECK(refused(became[i + 1].get()).code == error_code::not_found);
    }
}

TEST_CASE("a small correction of the clock does not take a room's time back") {
    ledger_rig rig;
    const auto first = rig.say("lobby", "ann", "a", "n1");
    rig.now -= chat::clock_correction_max_ms;
    CHECK(rig.say("lobby", "ann", "b", "n2").at == first.at);
    rig.now += 120'000;
    CHECK(rig.say("lobby", "ann", "c", "n3").at == rig.now);
}

TEST_CASE("one forward jump of the clock does not stamp later messages for ever") {
    ledger_rig rig;
    rig.say("lobby", "ann", "a", "n1");
    const auto right = rig.now.load();
    rig.now = 4'070'908'800'000;  // 2099
    CHECK(rig.say("lobby", "ann", "b", "n2").at == 4'070'908'800'000);
    rig.now = right + 1'000;
    CHECK(rig.say("lobby", "ann", "c", "n3").at == right + 1'000);
    rig.now += 1'000;
    CHECK(rig.say("lobby", "ann", "d", "n4").at == right + 2'000);
    const auto events = rig.page("lobby", chat::read_page::direction::newest).events;
    CHECK(events.back().at == right + 2'000);
}

TEST_CASE("opening a room writes its title and its creator; opening it again is no second one") {
    ledger_rig rig;
    rig.account("ann");
    const auto tea = test::create_room("tea", "Tea at five", by("ann"));
    const auto opened = done(*rig.log, tea);
    CHECK(opened.top == 2);
    CHECK(opened.epoch == 1);
    CHECK(log_of(rig, "tea") == std::vector<std::string>{"created ann", "joined ann"});
    CHECK(protocol::as<protocol::created>(rig.page("tea", direction::newest).events[0])->title ==
          "Tea at five");
    const auto again = done(*rig.log, tea);
    CHECK(again.seq == opened.seq);
    CHECK(again.at == opened.at);
    CHECK(refused(*rig.log, test::create_room("tea", "Other", by("ann"))) == error_code::conflict);
    CHECK(refused(*rig.log, test::create_room("tea", "Tea at five", by("bob"))) ==
          error_code::conflict);
    for (const char* name : {"dm.ann.bob", "dm-ann-bob", "dm-"})
        CHECK(refused(*rig.log, test::create_room(name, "x", by("ann"))) == error_code::forbidden);
    CHECK(log_of(rig, "tea").size() == 2);
}

TEST_CASE("a guest of one connection opens rooms and speaks, but keeps no list") {
    ledger_rig rig;
    done(*rig.log, test::create_room("tea", "Tea", passer_by("passer-by")));
    CHECK(rig.say("tea", "passer-by", "hello", "n1").seq == 2);
    CHECK(refused(*rig.log, test::create_room("cake", "Cake", by("passer-by"))) ==
          error_code::forbidden);
    CHECK(refused(*rig.log, test::join("tea", by("passer-by"))) == error_code::forbidden);
    CHECK(refused_answer(*rig.log, chat::read_page{"cake", by("ann"), direction::newest, 0, 9}) ==
          error_code::not_found);
}

TEST_CASE("joining and leaving are events; without a change there is none") {
    ledger_rig rig;
    rig.account("ann");
    rig.account("bob");
    done(*rig.log, test::create_room("tea", "Tea", by("ann")));
    CHECK(done(*rig.log, test::join("tea", by("bob"))).seq == 3);
    CHECK(done(*rig.log, test::join("tea", by("bob"))).seq == 0);
    CHECK(done(*rig.log, test::leave("tea", by("bob"))).seq == 4);
    CHECK(done(*rig.log, test::leave("tea", by("bob"))).seq == 0);
    CHECK(log_of(rig, "tea") ==
          std::vector<std::string>{"created ann", "joined ann", "joined bob", "left bob"});
    CHECK(refused(*rig.log, test::join("nowhere", by("bob"))) == error_code::not_found);
    CHECK(refused(*rig.log, test::leave("nowhere", by("bob"))) == error_code::not_found);
}

TEST_CASE("a person joins as many rooms as the limit says, and not one more") {
    ledger_rig rig;
    rig.account("ann");  // in the lobby
    for (std::size_t i = 1; i < protocol::limits::joined_rooms_max; ++i)
        done(*rig.log, test::create_room("room" + std::to_string(i), "Room", by("ann")));
    CHECK(refused(*rig.log, test::create_room("surplus", "Room", by("ann"))) == error_code::limit);
    done(*rig.log, test::create_room("surplus", "Room", passer_by("~gus")));
    CHECK(refused(*rig.log, test::join("surplus", by("ann"))) == error_code::limit);
    done(*rig.log, test::leave("lobby", by("ann")));
    CHECK(done(*rig.log, test::join("surplus", by("ann"))).seq == 2);
}

TEST_CASE("the read mark goes where a member reads, forward and back, never beyond the top") {
    ledger_rig rig;
    rig.account("ann");
    const auto read = [&] { return summary(rig, "ann", "lobby").read; };
    CHECK(read() == 2);  // her own joining: nothing is unread
    for (int i = 0; i < 5; ++i) rig.say("lobby", "bob", "x", "n" + std::to_string(i));
    CHECK(read() == 2);
    done(*rig.log, test::mark("lobby", by("ann"), 5));
    CHECK(read() == 5);
    done(*rig.log, test::mark("lobby", by("ann"), 4));
    CHECK(read() == 4);
    CHECK(summary(rig, "ann", "lobby").unread == 3);
    rig.say("lobby", "ann", "y", "n8");
    CHECK(read() == 4);  // something was unread
    CHECK(summary(rig, "ann", "lobby").unread == 3);
    done(*rig.log, test::mark("lobby", by("ann"), 1'000));
    CHECK(read() == 8);
    rig.say("lobby", "ann", "y", "n9");
    CHECK(read() == 9);  // nothing was
    done(*rig.log, test::mark("lobby", by("ann"), 0));
    CHECK(read() == 0);
    CHECK(summary(rig, "ann", "lobby").unread == 5);
    CHECK(refused(*rig.log, test::mark("lobby", by("bob"), 1)) == error_code::not_found);
    CHECK(refused(*rig.log, test::mark("nowhere", by("ann"), 1)) == error_code::not_found);
}

TEST_CASE("a server takes as many rooms as the limit says, and not one more") {
    ledger_rig rig;
    rig.account("ann");
    rig.account("bob");
    rig.close();
    storage::database(rig.file(), storage::database::access::read_write)
        .run(
            "INSERT INTO rooms (id, name, title, kind, created_at, created_by) VALUES (?, 'x', "
            "'x', 'public', 0, 'x')",
            chat::rooms_max - 1);
    rig.open();
    done(*rig.log, test::create_room("last", "Last", by("ann")));
    CHECK(refused(*rig.log, test::create_room("surplus", "Surplus", by("ann"))) ==
          error_code::limit);
    CHECK(refused(*rig.log, open_direct("ann", {"bob"})) == error_code::limit);
}
