// Every invariant is broken once, and the check says where.
#include "server/storage/invariants.hpp"

#include "tests/unit/server/storage/ledger_rig.hpp"

using namespace parley;
using namespace parley::test;
using Catch::Matchers::ContainsSubstring;
using storage::database;

namespace {

std::vector<storage::finding> findings(database& db) {
    std::vector<storage::finding> all;
    storage::check_invariants(db, {{}, [&](const storage::finding& each) { all.push_back(each); }});
    return all;
}

std::vector<std::string> violations(database& db) {
    std::vector<std::string> all;
    for (const auto& each : findings(db))
        all.insert(all.end(), each.violations.begin(), each.violations.end());
    return all;
}

// Two people, a public room and a direct one, with messages and a reply; one keeps a star.
void fill(ledger_rig& rig) {
    rig.account("ann");
    rig.account("bob");
    done(*rig.log, chat::add_guest{{"~cat", "token-of-cat", "test/1"}});
    done(*rig.log, test::create_room("news", "News", by("ann")));
    done(*rig.log, open_direct("ann", {"bob"}));
    for (int i = 0; i < 5; ++i) rig.say("news", "ann", "x", "n" + std::to_string(i));
    done(*rig.log, test::send("news", by("bob"), "r", "yes", 3));
    done(*rig.log, test::join("news", by("bob")));
    done(*rig.log, test::leave("news", by("bob")));
    done(*rig.log, test::mark("news", by("ann"), 7));
    const auto said = rig.say("dm-ann-bob", "ann", "x", "direct").seq;
    done(*rig.log, test::edit("dm-ann-bob", by("ann"), "edit", said, said, "y"));
    done(*rig.log, test::pin("dm-ann-bob", by("bob"), "pin", said, true));
    done(*rig.log, chat::authored<protocol::set_star>{{.room = "news", .on = true}, by("ann")});
}

struct planted {
    const char* sql;
    const char* told;
};

}  // namespace

TEST_CASE("what the ledger writes keeps every invariant, while it writes too") {
    ledger_rig rig;
    fill(rig);
    database db(rig.file(), database::access::read_write);
    CHECK(violations(db).empty());
    for (const auto& each : findings(db)) {
        INFO(each.says);
        CHECK(each.count > 0);
    }
    std::uint64_t seen = 0;
    storage::check_invariants(db, {{}, [&](const storage::finding& each) {
                                       rig.say("lobby", "ann", "more",
                                               "m" + std::to_string(seen++));
                                       CHECK(each.violations.empty());
                                   }});
    CHECK(seen >= 15);
}

TEST_CASE("a clock that was wrong and is set right breaks no invariant") {
    ledger_rig rig;
    fill(rig);
    rig.now -= 3'600'000;
    rig.say("news", "ann", "an hour earlier", "earlier");
    database db(rig.file(), database::access::read_write);
    CHECK(violations(db).empty());
}

namespace {

const planted in_logs[] = {
    {"DELETE FROM events WHERE room_id = 2 AND seq = 4", "room news: seq 5 follows 3"},
    {"UPDATE events SET seq = 0 WHERE room_id = 2 AND seq = 1", "room news: seq 0 follows 0"},
    {"UPDATE rooms SET top = 5 WHERE id = 2", "room news: top is 5, the newest seq 10"},
    {"UPDATE rooms SET top_at = 5 WHERE id = 2", "room news: top is 10"},
    {"DELETE FROM events WHERE room_id = 2", "room news: top is 10, the newest seq none"},
    {"UPDATE events SET at = at - 2000 WHERE room_id = 2 AND seq = 4",
     "room news: seq 4 is a little older"},
    {"UPDATE events SET kind = 'left' WHERE room_id = 2 AND seq = 1", "room news: seq 1 is left"},
    {"UPDATE events SET kind = 'created' WHERE room_id = 2 AND seq = 3",
     "room news: seq 3 is created"},
    {"UPDATE events SET nonce = NULL WHERE room_id = 2 AND seq = 3", "room news: seq 3 has none"},
    {"UPDATE events SET body = '{' WHERE room_id = 2 AND seq = 3", "room news: seq 3 has none"},
    {"DROP INDEX events_by_nonce; UPDATE events SET nonce = 'n1' WHERE nonce = 'n2'",
     "ann used n1 2 times"},
    {"DROP INDEX events_by_nonce", "events_by_nonce is missing"},
    {"DROP TABLE sessions", "sessions is missing"},
    {"UPDATE events SET body = json_set(body, '$.reply_to', seq) WHERE body ->> '$.reply_to' = "
     "3",
     "room news: seq 8 replies to 8"},
    {"UPDATE events SET body = json_set(body, '$.reply_to', 0) WHERE body ->> '$.reply_to' = 3",
     "room news: seq 8 replies to 0"},
    {"UPDATE events SET said = 9 WHERE room_id = 2 AND seq = 4", "room news: seq 4 counts 9"},
    {"UPDATE events SET entry = 3 WHERE room_id = 2 AND seq = 4", "room news: seq 4 names 3"},
    {"UPDATE rooms SET said = 99 WHERE id = 2", "room news: 99 and 10, not "},
    {"UPDATE rooms SET entry = 9 WHERE id = 2", " and 9, not "},
    {"UPDATE rooms SET pinned = 0 WHERE id = 3", "room dm-ann-bob: 0 and 0, not 0 and 1"},
    {"UPDATE rooms SET shrunk = 4 WHERE id = 2", "room news: 4 and 0, not 0 and 0"},
    {"INSERT INTO folds VALUES (2, 1, '{}')", "room news: seq 1 is none"},
};

const planted elsewhere[] = {
    {"UPDATE members SET read_seq = 11 WHERE room_id = 2", "room news: ann has read 11 of 10"},
    {"UPDATE members SET read_said = 0 WHERE room_id = 2", "room news: ann has read 7 of 10"},
    {"DELETE FROM members WHERE room_id = 2", "room news: ann joined, but is no member"},
    {"INSERT INTO members VALUES ('bob', 2, 1, 0)",
     "room news: bob is a member, but has not joined"},
    {"UPDATE rooms SET epoch = 0", "room lobby: epoch 0"},
    {"UPDATE rooms SET epoch = 2 WHERE id = 2", "room news: epoch 2, the lobby's 1"},
    {"UPDATE rooms SET epoch = 9007199254740992", "room lobby: epoch 9007199254740992"},
    {"UPDATE rooms SET id = 7 WHERE id = 3", "room dm-ann-bob has number 7"},
    {"UPDATE rooms SET name = 'hall' WHERE id = 1", "room hall has number 1"},
    {"UPDATE rooms SET people = '[\"ann\",\"~cat\"]' WHERE id = 3", "it is of [\"ann\",\"~cat\"]"},
    {"UPDATE rooms SET people = '[\"bob\",\"ann\"]' WHERE id = 3", "it is of [\"bob\",\"ann\"]"},
    {"UPDATE rooms SET people = '[\"ann\"]' WHERE id = 3", "room dm-ann-bob: it is of [\"ann\"]"},
    {"UPDATE rooms SET people = 'x' WHERE id = 3", "room dm-ann-bob: it is of x"},
    {"UPDATE rooms SET name = 'two' WHERE id = 3", "room two: it is of "},
    {"DROP INDEX rooms_of_people", "rooms_of_people is missing"},
    {"INSERT INTO members VALUES ('~cat', 3, 1, 0)", "it is of [\"ann\",\"bob\"]"},
    {"UPDATE rooms SET name = 'dm.news' WHERE id = 2", "room dm.news: it is of nobody"},
    {"UPDATE users SET owner = 0", "0 owners"},
    {"UPDATE users SET owner = 1 WHERE name = 'bob'", "2 owners"},
    {"UPDATE users SET owner = (name = '~cat')", "1 owners"},
    {"UPDATE sessions SET user = 'parley' WHERE user = 'ann'", "is of parley"},
    {"UPDATE members SET user = 'nobody' WHERE user = '~cat'",
     "a row of members refers to none of users"},
    {"UPDATE events SET room_id = 9 WHERE room_id = 2", "a row of events refers to none of rooms"},
    {"UPDATE events SET body = CAST(x'7b2274657874223a2261ff62227d' AS TEXT) WHERE room_id = 2 "
     "AND seq = 3",
     "events: row 2, 3 is not"},
    {"PRAGMA ignore_check_constraints = 1; UPDATE users SET kind = 'robot' WHERE name = '~cat'",
     "CHECK constraint failed in users"},
};

}  // namespace

TEST_CASE("the check finds what is wrong, and says where") {
    std::vector<planted> all(std::begin(in_logs), std::end(in_logs));
    all.insert(all.end(), std::begin(elsewhere), std::end(elsewhere));
    ledger_rig rig;
    fill(rig);
    rig.close();
    const std::string sound = contents(rig.file());
    for (const planted& one : all) {
        INFO(one.sql);
        std::filesystem::remove(rig.log_file());  // a reader leaves one, empty
        std::ofstream(rig.file(), std::ios::binary) << sound;
        database(rig.file(), database::access::read_write).execute(one.sql);
        database db(rig.file(), database::access::read_write);
        std::string told;
        for (const std::string& each : violations(db)) told += each + "\n";
        CHECK_THAT(told, ContainsSubstring(one.told));
        CHECK_FALSE(storage::first_violation(db).empty());
    }
}

TEST_CASE("the check finds damaged pages, and goes on") {
    ledger_rig rig;
    for (int i = 0; i < 200; ++i)
        rig.say("lobby", "ann", std::string(2000, 'x'), "n" + std::to_string(i));
    rig.close();
    std::fstream(rig.file(), std::ios::in | std::ios::out | std::ios::binary).seekp(4096 * 40)
        << std::string(4096, 1);
    database db(rig.file(), database::access::read_write);
    CHECK_FALSE(storage::first_violation(db).empty());
}

TEST_CASE("of many violations the check tells the first ten") {
    ledger_rig rig;
    for (int i = 0; i < 30; ++i) rig.say("lobby", "ann", "x", "n" + std::to_string(i));
    database db(rig.file(), database::access::read_write);
    db.execute("UPDATE events SET nonce = NULL WHERE kind = 'message'");
    CHECK(violations(db).size() == storage::violations_told_max);
}
