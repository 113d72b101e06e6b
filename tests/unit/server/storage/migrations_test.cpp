// Data of every version that was released open with all that was in them.
#include "server/storage/migrations.hpp"

#include "server/storage/invariants.hpp"
#include "server/storage/restore.hpp"
#include "server/storage/schema.hpp"
#include "tests/unit/server/storage/ledger_rig.hpp"

#include <filesystem>

using namespace parley;
using namespace parley::test;
using direction = chat::read_page::direction;
using storage::database;

namespace {

constexpr const char* hash_of_gus =
    "afdce6a0f7dae73f6dfcd7daf114348110ca789278f2ff4d02ada7fd47541c65";

// A file as the server of that version left it.
void write_version_1(const std::filesystem::path& file) {
    std::ofstream{file};
    const auto here = std::filesystem::path(__FILE__).parent_path();
    const std::string sql = contents(here / "data" / "version_1.sql");
    REQUIRE_FALSE(sql.empty());
    database db(file, database::access::read_write);
    db.execute(sql);
    db.execute("PRAGMA journal_mode = WAL");
}

struct old_rig : ledger_rig {
    old_rig() {
        close();
        std::filesystem::remove(file());
        write_version_1(file());
        now = 1'795'700'000'000;
    }
    std::filesystem::path kept() const { return data() / "parley.db.before-schema-4"; }
};

std::vector<std::string> authors(const chat::page& page) {
    std::vector<std::string> out;
    for (const auto& event : page.events)
        out.push_back(std::string(protocol::kind_of(event.body)) + " " + event.author);
    return out;
}

}  // namespace

TEST_CASE("data of version 1 open with all messages, marks, accounts and sessions") {
    old_rig rig;
    rig.open();
    CHECK(authors(rig.page("lobby", direction::newest)) ==
          std::vector<std::string>{"created parley", "joined ann", "joined bob.b", "joined ~gus",
                                   "message ann", "message bob.b", "message ~gus", "message bob.b",
                                   "message ~guest", "joined ~eve"});
    CHECK(authors(rig.page("den", direction::newest)) ==
          std::vector<std::string>{"created ~walt", "message ~walt"});
    const auto gus = answered(*rig.log, chat::find_session{hash_of_gus}).who;
    REQUIRE(gus);
    CHECK(gus->user == "~gus");
    CHECK(gus->guest);
    const auto rooms = answered(*rig.log, chat::read_rooms{*gus, {}}).rooms;
    REQUIRE(rooms.size() == 2);
    CHECK((rooms[0].room == "lobby" && rooms[0].read == 7));
    CHECK((rooms[0].said == 5 && rooms[0].unread == 2));
    const auto of_ann = answered(*rig.log, chat::read_rooms{by("ann"), {}}).rooms;
    REQUIRE(of_ann.front().room == "dm.ann.bob.b");
    CHECK((of_ann.front().title == "bob.b" && of_ann.front().is_direct()));
    const auto direct = done(*rig.log, open_direct("bob.b", {"ann"}));
    CHECK((direct.room == "dm.ann.bob.b" && direct.top == 4));
    const auto again = test::send("lobby", *gus, "n-amaguest", "I am a guest");
    CHECK(done(*rig.log, again).seq == 7);
    CHECK(answered(*rig.log, chat::find_person{"bob.b"}).account);
    database db(rig.file(), database::access::read_write);
    CHECK(storage::schema_version_of(db) == storage::schema_version);
    CHECK(storage::first_violation(db).empty());
}

TEST_CASE("the data of the older version are kept, once") {
    old_rig rig;
    rig.open();
    rig.say("lobby", "ann", "new", "new");
    rig.reopen();
    database kept(rig.kept(), database::access::read_only);
    CHECK(storage::schema_version_of(kept) == 1);
    auto row = kept.query("SELECT count(*) FROM events WHERE author = 'gus'");
    REQUIRE(row.next());
    CHECK(row.integer(0) == 4);
}

TEST_CASE("a step that fails leaves the data as they were, and the next start does it") {
    old_rig rig;
    {
        database db(rig.file(), database::access::read_write);
        db.execute(
            "CREATE TRIGGER stuck BEFORE UPDATE ON users BEGIN SELECT RAISE(ABORT, 'stuck'); END");
        CHECK_THROWS_WITH(storage::migrate(db), Catch::Matchers::ContainsSubstring("stuck"));
        CHECK(storage::schema_version_of(db) == 1);
        auto row = db.query("SELECT count(*) FROM events WHERE author LIKE '~%'");
        REQUIRE(row.next());
        CHECK(row.integer(0) == 0);
    }
    database(rig.file(), database::access::read_write).execute("DROP TRIGGER stuck");
    rig.open();
    CHECK(rig.page("lobby", direction::newest).top == 10);
}

TEST_CASE("a backup of version 1 is restored as data of today") {
    old_rig rig;
    const auto backup = rig.directory.path() / "backup.db",
               elsewhere = rig.directory.path() / "new";
    write_version_1(backup);
    storage::restore(backup, elsewhere, false, rig.now);
    database db(elsewhere / "parley.db", database::access::read_write);
    CHECK(storage::schema_version_of(db) == storage::schema_version);
    CHECK(storage::first_violation(db).empty());
}
