// Accounts, guests and their sessions.
#include "server/chat/rules.hpp"

#include "tests/unit/server/storage/ledger_rig.hpp"

using namespace parley;
using namespace parley::test;
using protocol::error_code;

namespace {

chat::add_guest guest(const std::string& user, const std::string& token) {
    return {{user, token, "test/1"}};
}

std::optional<chat::identity> who(ledger_rig& rig, const std::string& token) {
    return answered(*rig.log, chat::find_session{token}).who;
}

std::vector<protocol::session_summary> sessions(ledger_rig& rig, const std::string& user) {
    return answered(*rig.log, chat::read_sessions{user}).sessions;
}

std::vector<std::string> ended(ledger_rig& rig) {
    done(*rig.log, test::mark("lobby", by("ann"),
                              1));  // told after it is answered: one more answer settles it
    return rig.commits.all().ended_sessions;
}

}  // namespace

TEST_CASE("an account begins with a session, in the lobby, with nothing unread") {
    ledger_rig rig;
    const auto opened = rig.account("ann");
    CHECK(protocol::obeys(protocol::session_name, opened.session));
    const auto found = who(rig, "token-of-ann");
    REQUIRE(found);
    CHECK(found->user == "ann");
    CHECK(found->session == opened.session);
    CHECK_FALSE(found->guest);
    CHECK_FALSE(who(rig, "token-of-bob"));
    const auto rooms = answered(*rig.log, chat::read_rooms{by("ann"), {}}).rooms;
    REQUIRE(rooms.size() == 1);
    CHECK(rooms[0].room == "lobby");
    CHECK(rooms[0].joined);
    CHECK(rooms[0].top - rooms[0].read == 0);
}

TEST_CASE("a name is taken once, by an account or a guest, and the server's own names never") {
    ledger_rig rig;
    rig.account("ann");
    done(*rig.log, guest("~gus", "g1"));
    const auto account = [](const std::string& user) {
        return chat::add_account{user, "$hash", {user, "t", "test/1"}};
    };
    for (const char* user : {"ann", "parley", "guest", "all"}) {
        CAPTURE(user);
        CHECK(refused(*rig.log, account(user)) == error_code::conflict);
    }
    for (const char* user : {"~gus", "~parley", "~guest", "~all"}) {
        CAPTURE(user);
        CHECK(refused(*rig.log, guest(user, "t")) == error_code::conflict);
    }
    CHECK_FALSE(who(rig, "t"));
    done(*rig.log, account("gus"));  // beside the guest
    done(*rig.log, guest("~ann", "g2"));
}

TEST_CASE("a new name has a form; names that exist stay") {
    ledger_rig rig;
    for (const char* user : {".ann", "ann-", "a--b", "a"}) {
        CAPTURE(user);
        CHECK(refused(*rig.log, chat::add_account{user, "$hash", {user, "t", "test/1"}}) ==
              error_code::bad_field);
        CHECK(refused(*rig.log, guest("~" + std::string(user), "t")) == error_code::bad_field);
    }
    CHECK(refused(*rig.log, test::create_room("a..b", "A", by("ann"))) == error_code::bad_field);
    rig.close();
    storage::database(rig.file(), storage::database::access::read_write)
        .run(
            "INSERT INTO users (name, kind, display_name, password_hash, created_at) VALUES "
            "('old_', 'account', 'Old', '$hash', 0)");
    rig.open();
    done(*rig.log, chat::open_session{{"old_", "t", "test/1"}});
}

TEST_CASE("whoever has signed out does nothing more, not even what is on its way") {
    ledger_rig rig;
    const auto session = rig.account("ann").session;
    const chat::identity ann{"ann", session, false};
    done(*rig.log, test::send("lobby", ann, "n1", "hello", {}));
    done(*rig.log, chat::end_session{"ann", session});
    CHECK(refused(*rig.log, test::send("lobby", ann, "n2", "late", {})) ==
          error_code::unauthenticated);
    CHECK(refused(*rig.log, test::create_room("tea", "Tea", ann)) == error_code::unauthenticated);
    CHECK(refused(*rig.log, test::join("lobby", ann)) == error_code::unauthenticated);
    CHECK(refused(*rig.log, test::mark("lobby", ann, 1)) == error_code::unauthenticated);
}

TEST_CASE("a name for one connection has nothing of whoever signed in under it before") {
    ledger_rig rig;
    const auto gus = done(*rig.log, guest("~gus", "g1"));
    const chat::identity signed_in{"~gus", gus.session, true};
    done(*rig.log, test::create_room("den", "Den", signed_in));
    done(*rig.log, chat::end_session{"~gus", gus.session});
    const auto later = passer_by("~gus");
    CHECK(answered(*rig.log, chat::read_rooms{later, {}}).rooms.empty());
    const auto seen = answered(*rig.log, chat::read_rooms{later, {"den"}}).rooms;
    REQUIRE(seen.size() == 1);
    CHECK_FALSE(seen[0].joined);
    CHECK(refused(*rig.log, test::mark("den", later, 1)) == error_code::forbidden);
    CHECK(refused(*rig.log, test::leave("den", later)) == error_code::forbidden);
    done(*rig.log, test::send("den", later, "n1", "hello", {}));
    storage::database db(rig.file(), storage::database::access::read_only);
    auto mark = db.query("SELECT read_seq FROM members WHERE user = '~gus' AND room_id = 2");
    REQUIRE(mark.next());
    CHECK(mark.integer(0) == 2);  // as the former one left it
}

TEST_CASE("nobody speaks under a name without a session while somebody is signed in under it") {
    ledger_rig rig;
    const auto nobody = passer_by("~gus");
    done(*rig.log, test::send("lobby", nobody, "n1", "hello"));
    const auto gus = done(*rig.log, guest("~gus", "g1"));
    CHECK(refused(*rig.log, test::send("lobby", nobody, "n2", "I am gus")) ==
          error_code::unauthenticated);
    CHECK(refused(*rig.log, test::create_room("tea", "Tea", nobody)) ==
          error_code::unauthenticated);
    done(*rig.log, chat::end_session{"~gus", gus.session});
    done(*rig.log, test::send("lobby", nobody, "n3", "hello again"));
}

TEST_CASE("the first account owns the server, whoever came before as a guest") {
    ledger_rig rig;
    done(*rig.log, guest("~gus", "g1"));
    rig.account("ann");
    rig.account("bob");
    rig.close();
    storage::database db(rig.file(), storage::database::access::read_only);
    auto owners = db.query("SELECT name FROM users WHERE owner = 1");
    REQUIRE(owners.next());
    CHECK(owners.text(0) == "ann");
    CHECK_FALSE(owners.next());
}

TEST_CASE(
    "a guest's name is free again when the session has ended, without the rooms of who bore it "
    "before") {
    ledger_rig rig;
    rig.account("ann");
    const auto first = done(*rig.log, guest("~gus", "g1"));
    CHECK(who(rig, "g1")->guest);
    CHECK(refused(*rig.log, guest("~gus", "g2")) == error_code::conflict);
    done(*rig.log, test::create_room("den", "Den", by("~gus")));
    done(*rig.log, chat::end_session{"~gus", first.session});
    CHECK_FALSE(who(rig, "g1"));
    done(*rig.log, guest("~gus", "g2"));
    CHECK(protocol::kind_of(
              rig.page("den", chat::read_page::direction::newest).events.back().body) == "left");
    rig.now += chat::session_lifetime_ms;
    done(*rig.log, guest("~gus", "g3"));
    CHECK(who(rig, "g3")->user == "~gus");
    using direction = chat::read_page::direction;
    CHECK(rig.page("lobby", direction::newest).top ==
          7);  // created, ann joined, gus joined, and twice left and joined
}

TEST_CASE("a person is known as an account with its hash, as a guest, or not at all") {
    ledger_rig rig;
    rig.account("ann");
    const auto gus = done(*rig.log, guest("~gus", "g1"));
    const auto person = [&](const char* user) {
        return answered(*rig.log, chat::find_person{user});
    };
    CHECK(person("ann").account);
    CHECK(person("ann").password_hash == "$hash-of-ann");
    CHECK_FALSE(person("ann").guest_signed_in);
    CHECK_FALSE(person("~gus").account);
    CHECK(person("~gus").guest_signed_in);
    CHECK(person("~gus").password_hash.empty());
    done(*rig.log, chat::end_session{"~gus", gus.session});
    CHECK_FALSE(person("~gus").guest_signed_in);
    CHECK_FALSE(person("nobody").account);
    CHECK(person("parley").account);  // nobody may take it, nobody has its password
    CHECK(person("parley").password_hash.empty());
    CHECK(person("~guest").account);
}

TEST_CASE("only accounts open sessions, and end their own") {
    ledger_rig rig;
    rig.account("ann");
    const auto bob = rig.account("bob");
    done(*rig.log, guest("~gus", "g1"));
    CHECK(refused(*rig.log, chat::open_session{{"nobody", "t", "test/1"}}) ==
          error_code::not_found);
    CHECK(refused(*rig.log, chat::open_session{{"~gus", "t", "test/1"}}) == error_code::not_found);
    CHECK(refused(*rig.log, chat::open_session{{"parley", "t", "test/1"}}) ==
          error_code::not_found);
    rig.now += 10;
    const auto second = done(*rig.log, chat::open_session{{"ann", "t2", "phone/2"}});
    const auto list = sessions(rig, "ann");
    REQUIRE(list.size() == 2);
    CHECK(list[0].session == second.session);
    CHECK(list[0].client == "phone/2");
    CHECK(list[0].since == rig.now);
    CHECK(refused(*rig.log, chat::end_session{"ann", bob.session}) == error_code::not_found);
    done(*rig.log, chat::end_session{"ann", second.session});
    CHECK(refused(*rig.log, chat::end_session{"ann", second.session}) == error_code::not_found);
    CHECK(ended(rig) == std::vector<std::string>{second.session});
    CHECK(who(rig, "token-of-ann"));
    CHECK_FALSE(who(rig, "t2"));
}

TEST_CASE("one session too many ends the one that was unused for longest, and tells it") {
    ledger_rig rig;
    const auto oldest = rig.account("ann");
    for (std::size_t i = 1; i < protocol::limits::sessions_max; ++i) {
        rig.now += 10;
        done(*rig.log, chat::open_session{{"ann", "t" + std::to_string(i), "test/1"}});
    }
    CHECK(ended(rig).empty());
    rig.now += 10;
    done(*rig.log, chat::open_session{{"ann", "surplus", "test/1"}});
    CHECK(ended(rig) == std::vector<std::string>{oldest.session});
    CHECK(sessions(rig, "ann").size() == protocol::limits::sessions_max);
    CHECK_FALSE(who(rig, "token-of-ann"));
    CHECK(who(rig, "t1"));
}

TEST_CASE(
    "a session ends when it was not used for its lifetime; each use prolongs it, noted by the "
    "hour") {
    ledger_rig rig;
    rig.account("ann");
    const auto seen = [&] {
        done(*rig.log, test::mark("lobby", by("ann"), 1));  // behind the note in the writer's queue
        return sessions(rig, "ann").at(0).seen;
    };
    const base::time_ms began = rig.now;
    rig.now += storage::session_noted_every_ms - 1;
    CHECK(who(rig, "token-of-ann"));
    CHECK(seen() == began);
    rig.now += 1;
    CHECK(who(rig, "token-of-ann"));
    CHECK(seen() == rig.now);
    rig.now += chat::session_lifetime_ms - 1;
    CHECK(who(rig, "token-of-ann"));
    CHECK(seen() == rig.now);
    rig.now += chat::session_lifetime_ms;
    CHECK_FALSE(who(rig, "token-of-ann"));
    CHECK(sessions(rig, "ann").empty());
}

TEST_CASE("an open connection keeps its session alive, noted by the day; what has ended is named") {
    ledger_rig rig;
    const std::string ann = rig.account("ann").session, bob = rig.account("bob").session;
    const auto ended_of = [&] {
        auto found = answered(*rig.log, chat::check_sessions{{ann, bob, "nobody's"}});
        done(*rig.log, test::mark("lobby", by("ann"), 1));  // behind the note in the queue
        return found.sessions;
    };
    const auto seen = [&] { return sessions(rig, "ann").at(0).seen; };
    const base::time_ms began = rig.now;
    rig.now += storage::open_session_noted_every_ms;
    CHECK(ended_of() == std::vector<std::string>{"nobody's"});
    CHECK(seen() == began);
    rig.now += 1;
    ended_of();
    CHECK(seen() == rig.now);
    for (int day = 0; day < 40; ++day) {
        rig.now += storage::open_session_noted_every_ms + 1;
        CHECK(ended_of().size() == 1);
    }
    done(*rig.log, chat::end_session{"bob", bob});
    CHECK(ended_of() == std::vector<std::string>{bob, "nobody's"});
    rig.now += chat::session_lifetime_ms;
    CHECK(ended_of() == std::vector<std::string>{ann, bob, "nobody's"});
}

TEST_CASE("sessions that have expired are gone from the file after a start") {
    ledger_rig rig;
    rig.account("ann");
    rig.now += chat::session_lifetime_ms;
    rig.reopen();
    rig.close();
    storage::database db(rig.file(), storage::database::access::read_only);
    auto count = db.query("SELECT count(*) FROM sessions");
    REQUIRE(count.next());
    CHECK(count.integer(0) == 0);
}

TEST_CASE("public rooms come by name, a page at a time, with the marks of whoever asks") {
    ledger_rig rig;
    rig.account("ann");
    const std::size_t count = protocol::limits::rooms_page_max + 3;
    for (std::size_t i = 0; i < count; ++i)
        done(*rig.log,
             test::create_room("room" + std::to_string(1'000 + i), "Room", passer_by("bob")));
    const auto first = answered(*rig.log, chat::read_public_rooms{by("ann"), ""});
    CHECK(first.rooms.size() == protocol::limits::rooms_page_max);
    CHECK(first.more);
    CHECK(first.rooms.front().room == "lobby");
    CHECK(first.rooms.front().joined);
    CHECK_FALSE(first.rooms.back().joined);
    const auto rest =
        answered(*rig.log, chat::read_public_rooms{by("ann"), first.rooms.back().room});
    CHECK(rest.rooms.size() == 4);
    CHECK_FALSE(rest.more);
    CHECK(rest.rooms.back().room == "room" + std::to_string(1'000 + count - 1));
}

TEST_CASE("a server takes as many people as the limit says, and not one more") {
    ledger_rig rig;
    rig.close();
    storage::database(rig.file(), storage::database::access::read_write)
        .run(
            "INSERT INTO users (rowid, name, kind, display_name, created_at) VALUES (?, '~x', "
            "'guest', 'x', 0)",
            chat::people_max - 1);
    storage::database(rig.file(), storage::database::access::read_write)
        .run("INSERT INTO logs (user, seq, bytes) VALUES ('~x', 1, 0)");
    rig.open();
    rig.account("ann");
    CHECK(refused(*rig.log, chat::add_account{"Bob", "$hash", {"bob", "t", "test/1"}}) ==
          error_code::limit);
    CHECK(refused(*rig.log, guest("~gus", "g1")) == error_code::limit);
    done(*rig.log, guest("~x", "g2"));  // is there already
}
