// Restoring: a new epoch, nobody signed in, the old data kept, and nothing changed when it is
// refused.
#include "server/storage/restore.hpp"
#include "server/storage/schema.hpp"

#include "server/storage/invariants.hpp"
#include "tests/unit/server/storage/ledger_rig.hpp"

using namespace parley;
using namespace parley::test;
using Catch::Matchers::ContainsSubstring;
using protocol::error_code;
using storage::database;
using direction = chat::read_page::direction;

namespace {

// A server whose data has gone on after a backup of it was taken.
struct backup_rig : ledger_rig {
    backup_rig() {
        account("ann");
        say("lobby", "ann", "before", "n1");
        storage::back_up(data(), backup());
        say("lobby", "ann", "after", "n2");
        done(*log, test::create_room("later", "Later", by("ann")));
        close();
    }
    std::filesystem::path backup() const { return directory.path() / "backup.db"; }
    storage::restored restore(bool replace = true) {
        return storage::restore(backup(), data(), replace, now);
    }
    // What is refused leaves everything as it is.
    void check_refused(const std::string& words, bool replace = true) {
        const std::string before = contents(file());
        CHECK_THROWS_WITH(restore(replace), ContainsSubstring(words));
        CHECK(contents(file()) == before);
        CHECK_FALSE(std::filesystem::exists(file().string() + ".partial"));
    }
    std::filesystem::path journal() const { return file().string() + "-journal"; }
};

// The rollback journal of someone who was killed while they wrote an empty file.
std::string hot_journal() {
    const temporary_directory elsewhere;
    const std::filesystem::path file = elsewhere.path() / "killed.db";
    std::ofstream{file};
    database db(file, database::access::read_write);
    db.execute(
        "PRAGMA cache_size = 1; BEGIN IMMEDIATE; CREATE TABLE t (x)");  // so small that it spills
    for (int i = 0; i < 100; ++i) db.run("INSERT INTO t VALUES (zeroblob(4000))");
    return contents(file.string() + "-journal");
}

}  // namespace

TEST_CASE("what is restored is the backup, with an epoch of its own and all nonces") {
    backup_rig rig;
    const auto made = rig.restore();
    CHECK(made.found.events == 3);  // the lobby was created, ann joined, and spoke
    CHECK(made.epoch >= rig.now);
    rig.open();
    const auto page = rig.page("lobby", direction::newest);
    CHECK(page.epoch == made.epoch);
    CHECK(protocol::text_of(page.events.back()) == "before");
    CHECK(rig.say("lobby", "ann", "before", "n1").seq == page.top);  // resent: its first answer
    CHECK(rig.say("lobby", "ann", "after", "n2").seq == page.top + 1);
    CHECK(refused_answer(*rig.log, chat::read_page{"later", by("ann"), direction::newest, 0, 1}) ==
          error_code::not_found);
    rig.close();
    database db(rig.file(), database::access::read_only);
    CHECK(storage::first_violation(db).empty());
}

TEST_CASE("a room that is opened again after a restore is not taken for the one before") {
    backup_rig rig;
    const auto made = rig.restore();
    rig.open();
    CHECK(done(*rig.log, test::create_room("later", "Later", by("ann"))).epoch == made.epoch);
}

TEST_CASE(
    "an epoch never comes again: not from a second restore, nor with a clock that went wrong") {
    backup_rig rig;
    const auto first = rig.restore().epoch;
    CHECK(rig.restore().epoch == first + 1);  // in the same millisecond
    rig.now = 5;
    CHECK(rig.restore().epoch == first + 2);
    std::filesystem::remove_all(rig.data());  // nobody remembers: the clock does
    rig.now = first + 60'000;
    CHECK(rig.restore().epoch == first + 60'000);
}

TEST_CASE("nobody is signed in after a restore: sessions that ended meanwhile stay ended") {
    backup_rig rig;
    rig.restore();
    rig.open();
    CHECK_FALSE(answered(*rig.log, chat::find_session{"token-of-ann"}).who);
    CHECK(answered(*rig.log, chat::find_person{"ann"}).account);
}

TEST_CASE("data is replaced only when that is asked for, and is kept") {
    backup_rig rig;
    rig.check_refused("--replace", false);
    const auto made = rig.restore();
    REQUIRE(made.kept);
    database old(*made.kept, database::access::read_only);
    auto row = old.query("SELECT count(*) FROM events WHERE body ->> '$.text' = 'after'");
    REQUIRE(row.next());
    CHECK(row.integer(0) == 1);
}

TEST_CASE("a restore into an empty or an absent directory needs no leave") {
    backup_rig rig;
    std::filesystem::remove_all(rig.data());
    CHECK_FALSE(rig.restore(false).kept);
    rig.open();
    CHECK(rig.page("lobby", direction::newest).top == 3);
}

TEST_CASE("the log of a server that was killed goes with the old data, not into the new") {
    backup_rig rig;
    rig.open();
    rig.say("lobby", "ann", "unmerged", "n3");
    const std::string file = contents(rig.file()), log = contents(rig.log_file());
    rig.close();
    std::ofstream(rig.file(), std::ios::binary) << file;
    std::ofstream(rig.log_file(), std::ios::binary) << log;
    SECTION("merged into it when it can be read") {
        const auto made = rig.restore();
        database old(made.kept.value(), database::access::read_only);
        CHECK(old.query("SELECT 1 FROM events WHERE body ->> '$.text' = 'unmerged'").next());
    }
    SECTION("beside it when it cannot") {
        const std::string no_file(8192, 'x'), no_log(8192, 'y');
        std::ofstream(rig.file(), std::ios::binary) << no_file;
        std::ofstream(rig.log_file(), std::ios::binary) << no_log;
        const auto made = rig.restore();
        CHECK(contents(made.kept.value()) == no_file);
        CHECK(contents(made.kept->string() + "-wal") == no_log);
    }
    SECTION("beside nothing when there is no file") {
        std::filesystem::remove(rig.file());
        std::ofstream(rig.journal()) << "a journal";
        const auto kept = rig.restore().kept->string();
        CHECK(contents(kept + "-wal") == log);
        CHECK(contents(kept + "-journal") == "a journal");
    }
    CHECK_FALSE(std::filesystem::exists(rig.log_file()));
    rig.open();
    CHECK(protocol::text_of(rig.page("lobby", direction::newest).events.back()) == "before");
}

TEST_CASE("the journal of a first start that was killed is not played into what is restored") {
    backup_rig rig;
    const std::string journal = hot_journal();
    REQUIRE(journal.size() > 512);
    std::filesystem::resize_file(rig.file(), 0);
    std::ofstream(rig.journal(), std::ios::binary) << journal;
    rig.restore(false);
    CHECK_FALSE(std::filesystem::exists(rig.journal()));
    rig.open();
    CHECK(protocol::text_of(rig.page("lobby", direction::newest).events.back()) == "before");
}

TEST_CASE("the files of the data are no backup, but what a restore has kept is one") {
    backup_rig rig;
    const auto from = [&](const std::filesystem::path& file) {
        return storage::restore(file, rig.data(), true, rig.now);
    };
    const std::string partial = rig.file().string() + ".partial";
    std::filesystem::copy_file(rig.backup(), partial);
    for (const std::filesystem::path& each : {std::filesystem::path(partial), rig.file()}) {
        const std::string before = contents(each);
        CHECK_THROWS_WITH(from(each),
                          ContainsSubstring("is a file of the data itself: choose another name"));
        CHECK(contents(each) == before);
    }
    const auto kept = rig.restore().kept.value();
    from(kept);
    rig.open();
    CHECK(protocol::text_of(rig.page("lobby", direction::newest).events.back()) == "after");
}

TEST_CASE("a restore that no epoch is left for is refused") {
    // The logs of people begin behind it.
    constexpr std::uint64_t last = protocol::limits::integer_max - (std::uint64_t{1} << 32);
    backup_rig rig;
    database(rig.backup(), database::access::read_write)
        .execute("UPDATE rooms SET epoch = " + std::to_string(last - 1));
    CHECK(rig.restore().epoch == last);
    CHECK_THROWS_WITH(rig.restore(), ContainsSubstring("no epoch is left"));
    rig.open();
    CHECK(rig.page("lobby", direction::newest).epoch == last);
}

TEST_CASE("a running server's data is not replaced, nor what another program has open") {
    backup_rig rig;
    SECTION("the server's lock") {
        rig.open();
        rig.check_refused("another server is running");
    }
    SECTION("a reader's") {
        database other(rig.file(), database::access::read_write);
        other.execute("PRAGMA journal_mode = WAL; BEGIN; SELECT count(*) FROM events");
        CHECK_THROWS_WITH(rig.restore(), ContainsSubstring("has it open"));
        CHECK(other.query("SELECT 1 FROM events WHERE body ->> '$.text' = 'after'").next());
    }
}

TEST_CASE("what is no whole backup of ours is refused in one line, and changes nothing") {
    backup_rig rig;
    const auto alter = [&](const std::string& sql) {
        database(rig.backup(), database::access::read_write).execute(sql);
    };
    SECTION("absent") {
        std::filesystem::remove(rig.backup());
        rig.check_refused("no such file");
    }
    SECTION("empty") {
        std::ofstream(rig.backup(), std::ios::trunc);
        rig.check_refused("is empty");
    }
    SECTION("no database") {
        std::ofstream(rig.backup(), std::ios::trunc) << std::string(10'000, 'x');
        rig.check_refused("not a database: choose another backup");
    }
    SECTION("foreign") {
        alter("PRAGMA application_id = 7");
        rig.check_refused("another program: choose another backup");
    }
    SECTION("newer") {
        alter("PRAGMA user_version = " + std::to_string(storage::schema_version + 1));
        rig.check_refused("newer Parley");
    }
    SECTION("cut short") {
        std::filesystem::resize_file(rig.backup(), std::filesystem::file_size(rig.backup()) / 2);
        rig.check_refused("damaged");
    }
    SECTION("with a gap") {
        alter("UPDATE events SET seq = 9 WHERE body ->> '$.text' = 'before'");
        rig.check_refused("seq 9 follows 2");
    }
}

TEST_CASE("after a restore that was interrupted the server waits for it, and does not begin anew") {
    backup_rig rig;
    std::filesystem::remove(rig.file());
    std::ofstream(rig.file().string() + ".partial") << "half";
    CHECK_THROWS_WITH(rig.open(), ContainsSubstring("interrupted"));
    rig.restore(false);
    CHECK_NOTHROW(rig.open());
}
