// Direct rooms: who gets in, who hears of them and when, and what nobody else finds out.
#include "shared/protocol/limits.hpp"
#include "tests/unit/server/storage/ledger_rig.hpp"

using namespace parley;
using namespace parley::test;
using protocol::error_code;
using direction = chat::read_page::direction;

TEST_CASE("a direct room is for its people only") {
    ledger_rig rig;
    for (const char* user : {"ann", "bob", "cat"}) rig.account(user);
    const auto opened = done(*rig.log, open_direct("bob", {"ann"}));
    CHECK(opened.room == "dm-ann-bob");
    CHECK(opened.top == 1);
    const auto again = done(*rig.log, open_direct("ann", {"bob"}));
    CHECK((again.room == opened.room && again.at == opened.at && again.seq == opened.seq));
    CHECK(log_of(rig, "dm-ann-bob") == std::vector<std::string>{"created bob"});
    CHECK(summary(rig, "ann", "dm-ann-bob").title == "bob");
    CHECK(summary(rig, "bob", "dm-ann-bob").title == "ann");
    CHECK(summary(rig, "bob", "dm-ann-bob").is_direct());
    CHECK(summary(rig, "bob", "dm-ann-bob").people == std::vector<std::string>{"ann", "bob"});
    CHECK(rig.say("dm-ann-bob", "ann", "psst", "n1").seq == 2);

    CHECK(refused(*rig.log, test::send("dm-ann-bob", by("cat"), "n1", "me too", {})) ==
          error_code::not_found);
    CHECK(refused(*rig.log, test::join("dm-ann-bob", by("cat"))) == error_code::not_found);
    CHECK(refused_answer(*rig.log, chat::read_page{"dm-ann-bob", by("cat"), direction::newest, 0,
                                                   9}) == error_code::not_found);
    CHECK(answered(*rig.log, chat::read_rooms{by("cat"), {"dm-ann-bob"}}).rooms.size() ==
          1);  // the lobby
    CHECK(answered(*rig.log, chat::read_public_rooms{by("ann"), ""}).rooms.size() == 1);
}

TEST_CASE("a direct room is of two to eight people, and there is one for each set of them") {
    ledger_rig rig;
    const std::vector<std::string> all{"ann", "bob", "cat", "dan", "eve", "fay", "gil", "hal"};
    for (const std::string& user : all) rig.account(user);
    const auto most = done(*rig.log, open_direct("ann", {all.rbegin(), all.rend() - 1}));
    CHECK(done(*rig.log, open_direct("hal", {all.begin(), all.end() - 1})).room == most.room);
    CHECK(summary(rig, "dan", most.room).title == "ann, bob, cat, eve, fay, gil, hal");
    CHECK(done(*rig.log, open_direct("ann", {"bob", "cat"})).room !=
          done(*rig.log, open_direct("ann", {"bob"})).room);
    // Found by its people, whatever it is called.
    auto other = open_direct("bob", {"ann"});
    other.room = "dm-other";
    CHECK(done(*rig.log, other).room == "dm-ann-bob");
    rig.account("zoe");
    CHECK(refused(*rig.log, open_direct("zoe", all)) == error_code::bad_field);
}

TEST_CASE("others hear of a direct room when something is said there, and find it unread") {
    ledger_rig rig;
    for (const char* user : {"ann", "bob", "cat"}) rig.account(user);
    const auto room = done(*rig.log, open_direct("ann", {"bob", "cat"})).room;
    CHECK(summary(rig, "ann", room).joined);
    CHECK_FALSE(summary(rig, "bob", room).joined);
    rig.say(room, "ann", "hello", "n1");
    for (const char* user : {"bob", "cat"}) {
        const auto found = summary(rig, user, room);
        CHECK((found.joined && found.unread == 1 && found.read == 1));
    }
    CHECK((summary(rig, "ann", room).unread == 0 && summary(rig, "ann", room).read == 2));
    std::vector<std::string> told;
    for (const auto& one : rig.commits.all().personal)
        if (one.room && one.room->room == room) told.push_back(one.user);
    CHECK(told == std::vector<std::string>{"ann", "bob", "cat"});
    CHECK(log_of(rig, room) == std::vector<std::string>{"created ann", "message ann"});
}

TEST_CASE("a direct room that is closed comes back with the next message, or when it is opened") {
    ledger_rig rig;
    for (const char* user : {"ann", "bob"}) rig.account(user);
    const auto room = done(*rig.log, open_direct("ann", {"bob"})).room;
    rig.say(room, "ann", "one", "n1");
    done(*rig.log, test::mark(room, by("bob"), 2));
    for (int i = 0; i < 2; ++i)
        CHECK(done(*rig.log, test::leave(room, by("bob"), "leave")).seq == 0);
    CHECK_FALSE(summary(rig, "bob", room).joined);
    CHECK(refused(*rig.log, test::mark(room, by("bob"), 1)) == error_code::not_found);
    rig.say(room, "ann", "two", "n2");
    CHECK((summary(rig, "bob", room).joined && summary(rig, "bob", room).unread == 1));

    const auto close = [&](const char* user) {
        done(*rig.log, test::leave(room, by(user), {}));
        CHECK_FALSE(summary(rig, user, room).joined);
    };
    close("bob");
    CHECK(done(*rig.log, test::join(room, by("bob"), "join")).seq == 0);
    CHECK((summary(rig, "bob", room).joined && summary(rig, "bob", room).unread == 0));
    close("bob");
    done(*rig.log, open_direct("bob", {"ann"}));
    CHECK(summary(rig, "bob", room).joined);
    close("ann");
    close("bob");
    rig.say(room, "ann", "three", "n3");
    CHECK((summary(rig, "ann", room).joined && summary(rig, "ann", room).unread == 0));
    CHECK((summary(rig, "bob", room).joined && summary(rig, "bob", room).unread == 1));
    CHECK(log_of(rig, room) ==
          std::vector<std::string>{"created ann", "message ann", "message ann", "message ann"});
}

TEST_CASE("a direct room is opened, left and spoken in within one group") {
    ledger_rig rig;
    for (const char* user : {"ann", "bob"}) rig.account(user);
    std::vector<chat::submission> group;
    const auto add = [&](chat::command what) {
        group.push_back({.what = std::move(what), .done = [](const chat::outcome&) {}});
    };
    const auto submit_with = [&](chat::command last) {
        return done(wait_for<chat::outcome>([&](auto answer) {
            group.push_back({.what = std::move(last), .done = answer});
            rig.log->submit_all(std::exchange(group, {}));
        }));
    };
    add(open_direct("ann", {"bob"}));
    add(open_direct("bob", {"ann"}));
    add(test::send("dm-ann-bob", by("ann"), "n1", "one", {}));
    add(test::leave("dm-ann-bob", by("bob"), {}));
    CHECK(submit_with(test::send("dm-ann-bob", by("ann"), "n2", "two", {})).seq == 3);
    CHECK(summary(rig, "bob", "dm-ann-bob").unread == 1);
    add(test::leave("dm-ann-bob", by("bob"), {}));
    CHECK(submit_with(test::send("dm-ann-bob", by("ann"), "n3", "three", {})).seq == 4);
    CHECK(summary(rig, "bob", "dm-ann-bob").unread == 1);
    rig.reopen();
    CHECK(summary(rig, "bob", "dm-ann-bob").unread == 1);
}

TEST_CASE("whether others write to each other cannot be found out, by any request") {
    ledger_rig rig;
    for (const char* user : {"ann", "bob", "cat"}) rig.account(user);
    const std::string room = "dm-ann-bob";
    int tries = 0;
    const auto answers = [&](const chat::identity& who) {
        const std::string nonce = "n" + std::to_string(++tries);
        const chat::command commands[] = {
            test::send(room, who, nonce, "x", {}),
            test::send(room, who, nonce, "x", 99),
            test::edit(room, who, nonce, 2, 2, "y"),
            test::deletion(room, who, nonce, 2, {}),
            test::reaction(room, who, nonce, 2, "\xE2\xAD\x90", true),
            test::join(room, who, {}),
            test::leave(room, who, {}),
            test::mark(room, who, 1),
            test::create_room(room, room, who, nonce),
            chat::authored<protocol::open_direct>{
                {.nonce = nonce, .people = {"ann", who.user}}, who, room},
            chat::authored<protocol::open_direct>{
                {.nonce = nonce, .people = {"ann", "bob", "nobody"}}, who, room}};
        std::vector<std::string> out;
        for (const auto& each : commands) {
            const auto no = refused(run(*rig.log, each));
            out.push_back(std::to_string(static_cast<int>(no.code)) + no.message + no.field);
        }
        const auto try_query = [&](auto wanted) {
            const auto no = std::get<chat::refusal>(ask(*rig.log, wanted));
            out.push_back(std::to_string(static_cast<int>(no.code)) + no.message + no.field);
        };
        try_query(chat::read_page{room, who, direction::newest, 0, 9});
        try_query(chat::read_run{room, who, 1, 9});
        try_query(chat::read_versions{room, who, 2});
        const auto counts = answered(*rig.log, chat::read_counts{who, {room}});
        out.push_back(std::to_string(counts.counts.size()));
        const auto rooms = answered(*rig.log, chat::read_rooms{who, {room}}).rooms;
        out.push_back(std::to_string(rooms.size()));
        return out;
    };
    const chat::identity outsiders[] = {by("cat"), passer_by("ann"), passer_by("~ann")};
    std::vector<std::vector<std::string>> before;
    for (const auto& who : outsiders) before.push_back(answers(who));
    done(*rig.log, open_direct("ann", {"bob"}));
    rig.say(room, "ann", "psst", "psst");
    for (std::size_t i = 0; i < before.size(); ++i) CHECK(answers(outsiders[i]) == before[i]);
}

TEST_CASE("a direct room is refused to guests, with guests, strangers and oneself") {
    ledger_rig rig;
    rig.account("ann");
    rig.account("bob");
    const auto gus = done(*rig.log, chat::add_guest{{"~gus", "t", "test/1"}});
    const auto why = [&](const char* user, std::vector<std::string> others) {
        return refused(run(*rig.log, open_direct(user, std::move(others))));
    };
    CHECK(why("ann", {"bob", "nobody"}).code == error_code::not_found);
    CHECK(why("ann", {"bob", "nobody"}).field == "people[1]");
    CHECK(why("ann", {"~gus"}).code == error_code::not_found);
    CHECK(why("ann", {"parley"}).code == error_code::not_found);
    const std::vector<std::vector<std::string>> wrong{{}, {"ann"}, {"bob", "bob"}};
    for (const auto& each : wrong) CHECK(why("ann", each).code == error_code::bad_field);
    auto command = open_direct("~gus", {"ann"});
    CHECK(refused(*rig.log, command) == error_code::forbidden);
    command.by = {.user = "~gus", .session = gus.session, .guest = true};
    CHECK(refused(*rig.log, command) == error_code::forbidden);
    command.by = passer_by("~bob");
    CHECK(refused(*rig.log, command) == error_code::forbidden);
}

TEST_CASE("the nonce of something else opens no direct room") {
    ledger_rig rig;
    for (const char* user : {"ann", "bob"}) rig.account(user);
    auto command = open_direct("ann", {"bob"});
    rig.say("lobby", "ann", "x", command.nonce);
    CHECK(refused(*rig.log, command) == error_code::conflict);
    command.nonce = "another";
    done(*rig.log, command);
}

TEST_CASE("nobody gets more rooms than the limit says, not by messages either") {
    ledger_rig rig;
    for (const char* user : {"ann", "bob"}) rig.account(user);
    const auto room = done(*rig.log, open_direct("ann", {"bob"})).room;
    for (std::size_t i = 1; i < protocol::limits::joined_rooms_max; ++i)
        done(*rig.log, test::create_room("room" + std::to_string(i), "Room", by("bob")));
    CHECK(refused(*rig.log, test::send(room, by("ann"), "n1", "x", {})) == error_code::limit);
    CHECK(refused(*rig.log, open_direct("bob", {"ann"})) == error_code::limit);
    CHECK(refused(*rig.log, test::join(room, by("bob"))) == error_code::limit);
    done(*rig.log, test::leave("lobby", by("bob")));
    CHECK(rig.say(room, "ann", "x", "n1").seq == 2);
}
