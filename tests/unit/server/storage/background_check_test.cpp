// The check that runs beside a server: what it reads, what it finds, whom it holds up.
#include "server/storage/background_check.hpp"

#include "server/storage/schema.hpp"
#include "tests/unit/server/storage/ledger_rig.hpp"

#include <algorithm>
#include <set>
#include <thread>

using namespace parley;
using namespace parley::test;
using Catch::Matchers::ContainsSubstring;
using storage::background_check;
using storage::database;
using direction = chat::read_page::direction;
using stage = background_check::stage;

namespace {

// Data of a server that has ended, in every table.
struct checked_rig : ledger_rig {
    checked_rig() {
        account("ann");
        account("bob");
        done(*log, test::create_room("news", "News", by("ann")));
        for (int i = 0; i < 300; ++i) say("news", "ann", "x", "n" + std::to_string(i));
        close();
    }
    database open_file() { return database(file(), database::access::read_only); }
};

// What the check beside has found, once it has ended.
storage::background_check::report check_of(const ledger_rig& rig) {
    auto report = rig.log->data_check();
    while (report.now == storage::background_check::stage::running) {
        std::this_thread::yield();
        report = rig.log->data_check();
    }
    return report;
}

std::string plan_of(database& db, const storage::walk& each) {
    static std::set<std::string> kept;  // the text of a statement names it
    const std::string& sql = *kept.insert("EXPLAIN QUERY PLAN " + std::string(each.sql)).first;
    std::string plan;
    for (storage::statement row = db.query(sql); row.next();) plan += row.text(3) + "; ";
    return plan;
}

}  // namespace

TEST_CASE("sound data pass the check") {
    checked_rig rig;
    background_check check(rig.open_file());
    while (check.now().now == stage::running) std::this_thread::yield();
    CHECK(check.now().now == stage::passed);
    CHECK(check.now().damage.empty());
}

TEST_CASE("a text that is not UTF-8 any more is damage, and is served with marks in its place") {
    checked_rig rig;
    database(rig.file(), database::access::read_write)
        .execute(
            "UPDATE events SET body = CAST(x'7b2274657874223a2261ff62227d' AS TEXT) WHERE room_id "
            "= 2 AND seq = 3");
    rig.open();
    CHECK_THAT(check_of(rig).damage, ContainsSubstring("events: row 2, 3 is not UTF-8"));
    CHECK(protocol::text_of(rig.page("news", direction::after, 2, 1).events.front()) == "a\uFFFDb");
}

TEST_CASE("every table and index is read, in its own order") {
    checked_rig rig;
    database db = rig.open_file();
    std::set<std::string> trees, walked;
    storage::statement row =
        db.query("SELECT name FROM sqlite_schema WHERE type IN ('table', 'index')");
    while (row.next()) trees.insert(row.text(0));
    for (const storage::walk& each : storage::all_walks()) {
        walked.insert(std::string(each.tree));
        const std::string plan = plan_of(db, each);
        INFO(each.tree << ": " << plan);
        CHECK(plan.find("TEMP B-TREE") == std::string::npos);
        const bool is_index = each.tree.find("_") != std::string_view::npos;
        const bool by_index =
            plan.find(" INDEX " + std::string(each.tree) + " ") != std::string::npos;
        CHECK((is_index ? by_index : plan.find("PRIMARY KEY") != std::string::npos));
    }
    CHECK(walked == trees);
}

TEST_CASE("the check holds up nobody: while it runs, the write-ahead log is emptied") {
    checked_rig rig;
    rig.open();
    // Row by row, with a rest of seconds after each.
    background_check check(rig.open_file(), {std::chrono::microseconds(0), 1'000'000});
    rig.say("news", "ann", "meanwhile", "m");
    database other(rig.file(), database::access::read_write);
    storage::statement row = other.query("PRAGMA wal_checkpoint(TRUNCATE)");
    REQUIRE(row.next());
    CHECK(row.integer(0) == 0);  // not busy
    CHECK(row.integer(1) == 0);  // pages left in it
    CHECK(check.now().now == stage::running);
}

TEST_CASE("the check goes on over rows that come and go") {
    checked_rig rig;
    rig.open();
    background_check check(rig.open_file(), {std::chrono::microseconds(0), 1});
    for (int i = 0; i < 50; ++i) {
        rig.say("news", "bob", "more", "m" + std::to_string(i));
        done(*rig.log, test::leave("news", by("ann")));
        done(*rig.log, test::join("news", by("ann")));
    }
    while (check.now().now == stage::running) std::this_thread::yield();
    CHECK(check.now().now == stage::passed);
}

TEST_CASE("a check that cannot go on and finds no damage ends after some tries, and says so") {
    checked_rig rig;
    database(rig.file(), database::access::read_write).execute("DROP INDEX sessions_of_user");
    background_check check(rig.open_file(),
                           {.retried_after = std::chrono::microseconds(1), .failures_max = 3});
    yield_until("the check to end", [&] { return check.now().now != stage::running; });
    CHECK(check.now().now == stage::failed);
    CHECK_THAT(check.now().damage, ContainsSubstring("could not go on (sessions_of_user: "));
    CHECK(check.now().damage.find("damaged") == std::string::npos);
}

TEST_CASE("a large file is served at once, and what is damaged in it is found beside") {
    ledger_rig rig;
    for (int i = 0; i < 500; ++i)
        submit(*rig.log,
               test::send("lobby", by("ann"), "n" + std::to_string(i), std::string(400, 'x'), {}))
            .wait();
    const std::string unmerged = contents(rig.log_file());
    const std::string before = contents(rig.file());
    rig.close();
    const std::string whole = contents(rig.file());
    rig.inspected_whole_bytes_max = 0;
    SECTION("sound data pass") {
        rig.open();
        CHECK(check_of(rig).damage.empty());
    }
    SECTION("damage in between is for whoever reads there, not for the start") {
        overwrite_page(rig.file(), whole.size() / 4096 / 2);
        rig.open();
        CHECK_THAT(check_of(rig).damage, ContainsSubstring("the data is damaged (events"));
        CHECK(rig.log->health().empty());  // it can be written
        const auto page =
            ask(*rig.log, chat::read_page{"lobby", by("ann"), direction::newest, 0, 1});
        CHECK(std::holds_alternative<chat::page>(page));
        rig.say("lobby", "ann", "goes on", "n500");
    }
    SECTION("at the roots it is refused") {
        for (std::size_t page = 1; page < 12; ++page) overwrite_page(rig.file(), page);
        check_refused(rig, "damaged");
    }
    SECTION("without its end it is refused") {
        std::filesystem::resize_file(rig.file(), whole.size() - 2 * 4096);
        check_refused(rig, "damaged");
    }
    SECTION("a server that was killed is no reason to wait for the check") {
        overwrite_page(rig.file(), whole.size() / 4096 / 2);
        rig.open();
        rig.say("lobby", "ann", "one more", "n500");
        const std::string log = contents(rig.log_file()), file = contents(rig.file());
        rig.close();
        std::ofstream(rig.file(), std::ios::binary) << file;
        std::ofstream(rig.log_file(), std::ios::binary) << log;
        rig.open();
        CHECK(protocol::text_of(rig.page("lobby", direction::newest).events.back()) == "one more");
        CHECK_FALSE(check_of(rig).damage.empty());
    }
    SECTION("a log that is left by a server that was killed loses nothing") {
        std::ofstream(rig.file(), std::ios::binary) << before;
        std::ofstream(rig.log_file(), std::ios::binary) << unmerged;
        rig.open();
        CHECK(rig.page("lobby", direction::newest).top == 501);
        CHECK(check_of(rig).damage.empty());
        rig.close();
        CHECK_FALSE(std::filesystem::exists(rig.log_file()));
    }
}
