// Backups: one moment, whole or not at all, and never over an older file.
#include "server/storage/backup.hpp"

#include "server/storage/invariants.hpp"
#include "tests/unit/server/storage/ledger_rig.hpp"

#include <sys/stat.h>

#include <thread>

using namespace parley;
using namespace parley::test;
using Catch::Matchers::ContainsSubstring;
using storage::database;

namespace {

std::filesystem::path backup_of(const ledger_rig& rig) {
    return rig.directory.path() / "backup.db";
}

// Whether only the named files are there: no partial file, nothing that SQLite writes beside it.
std::size_t files_in(const std::filesystem::path& directory) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(directory)) ++count;
    return count;
}

}  // namespace

TEST_CASE("a backup is one private file with all that was acknowledged, and the server goes on") {
    ledger_rig rig;
    for (int i = 0; i < 50; ++i) rig.say("lobby", "ann", "x", "n" + std::to_string(i));
    const auto copied = storage::back_up(rig.data(), backup_of(rig));
    CHECK(copied.rooms == 1);
    CHECK(copied.events == 51);
    CHECK(copied.bytes == std::filesystem::file_size(backup_of(rig)));
    CHECK(rig.say("lobby", "ann", "after", "m").seq == 52);
    struct stat found {};
    REQUIRE(stat(backup_of(rig).c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0600);
    CHECK(files_in(rig.directory.path()) == 2);
    database copy(backup_of(rig), database::access::read_only);
    CHECK(storage::first_violation(copy).empty());
    CHECK(files_in(rig.directory.path()) == 2);  // it needs none beside it
}

TEST_CASE(
    "a backup is of one moment, however many write meanwhile, and none of them waits for it") {
    ledger_rig rig;
    const std::string text(4000, 'x');
    std::vector<awaited<chat::outcome>> became;
    for (int i = 0; i < 1000; ++i)
        became.push_back(
            submit(*rig.log, test::send("lobby", by("ann"), "n" + std::to_string(i), text, {})));
    for (auto& each : became) done(each.get());
    int said_meanwhile = 0;
    const auto copied =
        storage::back_up(rig.data(), backup_of(rig), [&](std::uint64_t at, std::uint64_t pages) {
            if (at < pages)
                rig.say("lobby", "bob", "meanwhile", "m" + std::to_string(said_meanwhile++));
        });
    CHECK(said_meanwhile >= 3);
    CHECK(copied.events == 1001);
}

TEST_CASE("a backup never takes the place of a file") {
    ledger_rig rig;
    std::ofstream(backup_of(rig)) << "older";
    CHECK_THROWS_WITH(storage::back_up(rig.data(), backup_of(rig)),
                      ContainsSubstring("exists already"));
    CHECK(contents(backup_of(rig)) == "older");
    CHECK(files_in(rig.directory.path()) == 2);
    // Not even of one that comes while the copy is made.
    std::filesystem::remove(backup_of(rig));
    const auto comes = [&](std::uint64_t, std::uint64_t) {
        std::ofstream(backup_of(rig)) << "newer";
    };
    CHECK_THROWS_WITH(storage::back_up(rig.data(), backup_of(rig), comes),
                      ContainsSubstring("exists already"));
    CHECK(contents(backup_of(rig)) == "newer");
    CHECK(files_in(rig.directory.path()) == 2);
}

TEST_CASE("a backup does not become a file of the data itself") {
    ledger_rig rig;
    rig.close();
    const std::size_t before = files_in(rig.data());
    std::filesystem::create_directory_symlink(rig.data(), rig.directory.path() / "link");
    for (const std::string name :
         {"parley.db", "parley.db-wal", "parley.db-journal", "parley.db.before-1"})
        for (const auto& where : {rig.data(), rig.data() / ".." / "link"})
            CHECK_THROWS_WITH(
                storage::back_up(rig.data(), where / name),
                ContainsSubstring("is a file of the data itself: choose another name"));
    CHECK(files_in(rig.data()) == before);
    CHECK_NOTHROW(storage::back_up(rig.data(), rig.data() / "backup.db"));
}

TEST_CASE("what cannot be read is not said to be what cannot be written") {
    const temporary_directory directory;
    for (const char* name : {"from", "to"}) std::ofstream(directory.path() / name);
    database from(directory.path() / "from", database::access::read_only);
    database to(directory.path() / "to", database::access::read_write);
    std::ofstream(directory.path() / "from") << std::string(10'000, 'x');
    CHECK_THROWS_AS(from.copy_into(to), storage::source_error);
}

TEST_CASE("two backups to one name do not mix; what an interrupted one left is overwritten") {
    ledger_rig rig;
    const auto another = [&](std::uint64_t, std::uint64_t) {
        CHECK_THROWS_WITH(storage::back_up(rig.data(), backup_of(rig)),
                          ContainsSubstring("another parley"));
    };
    std::ofstream(backup_of(rig).string() + ".partial") << std::string(100'000, 'x');
    storage::back_up(rig.data(), backup_of(rig), another);
    CHECK(files_in(rig.directory.path()) == 2);
}

TEST_CASE("the data of a stopped server is copied too, the log of one that was killed included") {
    ledger_rig rig;
    rig.say("lobby", "ann", "x", "n");
    const std::string file = contents(rig.file()), log = contents(rig.log_file());
    rig.close();
    CHECK(storage::back_up(rig.data(), backup_of(rig)).events == 2);
    std::filesystem::remove(backup_of(rig));
    std::ofstream(rig.file(), std::ios::binary) << file;
    std::ofstream(rig.log_file(), std::ios::binary) << log;
    CHECK(storage::back_up(rig.data(), backup_of(rig)).events == 2);
    CHECK(contents(rig.log_file()) == log);
}

TEST_CASE("no data, no backup; damaged data, no backup") {
    ledger_rig rig;
    CHECK_THROWS_WITH(storage::back_up(rig.directory.path() / "elsewhere", backup_of(rig)),
                      ContainsSubstring("--data"));
    CHECK_FALSE(std::filesystem::exists(rig.directory.path() / "elsewhere"));
    rig.say("lobby", "ann", "x", "n");
    database(rig.file(), database::access::read_write)
        .execute("UPDATE events SET seq = 9 WHERE seq = 2");
    CHECK_THROWS_WITH(storage::back_up(rig.data(), backup_of(rig)),
                      ContainsSubstring("seq 9 follows 1"));
    CHECK(files_in(rig.directory.path()) == 1);
}

TEST_CASE("a backup that cannot be written says so") {
    ledger_rig rig;
    CHECK_THROWS_WITH(storage::back_up(rig.data(), rig.directory.path() / "none" / "backup.db"),
                      ContainsSubstring("cannot be written"));
}
