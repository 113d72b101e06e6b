// Group commit, its limits, and what happens when the disk does not play along.
#include "server/storage/group_writer.hpp"

#include "server/storage/invariants.hpp"
#include "tests/unit/server/storage/ledger_rig.hpp"

#include <deque>
#include <mutex>
#include <span>
#include <thread>

using namespace parley;
using namespace parley::test;
using protocol::error_code;
using storage::database;
using storage::group_writer;

namespace {

// What a command of the rig does, and reports.
struct change {
    database& db;
    chat::commit news;
};

// A writer on a table of texts, held back until the test lets it go. The nonce of a command names
// what it does.
struct writer_rig {
    writer_rig() {
        std::ofstream{file()};
        database db(file(), database::access::read_write);
        db.execute(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE lines (text "
            "TEXT)");
        writer = std::make_unique<group_writer>(
            std::move(db), commits, [] { return base::time_ms{1}; }, storage::open_files(),
            [this](database& each, auto commands, base::time_ms, bool) {
                return carry_out(each, commands);
            });
    }
    std::optional<storage::carried_out> carry_out(database& db,
                                                  std::span<const chat::command* const> commands) {
        change made{db, {}};
        storage::carried_out out;
        for (const chat::command* each : commands)
            out.outcomes.push_back(
                work_of(std::get<chat::authored<protocol::send>>(*each).nonce)(made));
        out.news = std::move(made.news);
        return out;
    }
    std::filesystem::path file() const { return directory.path() / "test.db"; }

    awaited<chat::outcome> submit(std::function<chat::outcome(change&)> work, std::size_t bytes = 1,
                                  std::chrono::milliseconds patience = {}) {
        auto promise = std::make_shared<std::promise<chat::outcome>>();
        const std::string nonce = keep(std::move(work));
        writer->submit({storage::task{
            test::send("", by(""), nonce, "", {}),
            [promise](chat::outcome became) { promise->set_value(became); }, bytes, patience}});
        return promise->get_future();
    }
    awaited<chat::outcome> add(const std::string& text, std::size_t bytes = 1,
                               std::chrono::milliseconds patience = {}) {
        return submit(
            [text](change& made) {
                made.db.run("INSERT INTO lines VALUES (?)", text);
                return chat::receipt{};
            },
            bytes, patience);
    }
    // Until the health of the writer, which nobody uses meanwhile, is this.
    void until_health(const std::string& wanted) const {
        yield_until("the health to be '" + wanted + "'",
                    [&] { return writer->health() == wanted; });
    }
    // What is submitted until the result is set will wait, and share groups afterwards. Returns
    // when the writer waits.
    std::promise<void> hold() {
        auto held = std::make_shared<std::promise<void>>();
        std::promise<void> release;
        auto released = std::make_shared<std::shared_future<void>>(release.get_future().share());
        submit([=](change&) {
            held->set_value();
            if (released->wait_for(wait_max) != std::future_status::ready)
                waited_in_vain("the test to go on");
            return chat::receipt{};
        });
        within(held->get_future(), "the writer to begin");
        return release;
    }
    std::uint64_t lines() {
        database db(file(), database::access::read_only);
        auto row = db.query("SELECT count(*) FROM lines");
        row.next();
        return row.integer(0);
    }

    using action = std::function<chat::outcome(change&)>;
    std::string keep(action work) {
        const std::lock_guard lock(mutex);
        actions.push_back(std::move(work));
        return std::to_string(actions.size() - 1);
    }
    action work_of(const std::string& nonce) {
        const std::lock_guard lock(mutex);
        return actions.at(std::stoul(nonce));
    }

    temporary_directory directory;
    recording_listener commits;
    std::mutex mutex;
    std::deque<action> actions;
    std::unique_ptr<group_writer> writer;
};

}  // namespace

TEST_CASE("what waits shares a transaction, up to the limit of a group") {
    writer_rig rig;
    auto release = rig.hold();
    std::vector<awaited<chat::outcome>> became;
    for (std::size_t i = 0; i < storage::group_commands_max + 1; ++i)
        became.push_back(rig.add("x"));
    release.set_value();
    for (auto& each : became) done(each.get());
    CHECK(rig.writer->counted().groups.value() == 3);  // the one that held, a full one, one more
    CHECK(rig.lines() == storage::group_commands_max + 1);
}

TEST_CASE("a group is bounded in bytes too; one large command is a group of its own") {
    writer_rig rig;
    auto release = rig.hold();
    std::vector<awaited<chat::outcome>> became;
    for (const std::size_t bytes :
         {storage::group_bytes_max - 1, std::size_t{1}, storage::group_bytes_max})
        became.push_back(rig.add("x", bytes));
    release.set_value();
    for (auto& each : became) done(each.get());
    CHECK(rig.writer->counted().groups.value() ==
          3);  // the one that held, two that fit exactly, the large one
    CHECK(rig.writer->counted().commands.value() == 4);
    const auto& sizes = rig.writer->counted().group_size;
    CHECK(sizes.count(0) == 2);  // of 1
    CHECK(sizes.count(1) == 1);  // of 2
    CHECK(sizes.sum() == 4);
}

TEST_CASE("what is patient is written with what comes next, and not later than it may wait") {
    writer_rig rig;
    std::vector<awaited<chat::outcome>> became;
    constexpr std::uint64_t rounds = 200;  // one alone could meet by chance
    for (std::uint64_t i = 0; i < rounds; ++i) {
        became.push_back(rig.add("patient", 1, wait_max));
        done(rig.add("prompt").get());
    }
    for (auto& each : became) done(each.get());
    CHECK(rig.writer->counted().groups.value() == rounds);
    done(rig.add("alone", 1, std::chrono::milliseconds(20)).get());
    CHECK(rig.writer->counted().groups.value() == rounds + 1);
    became.clear();
    became.push_back(rig.add("at the end", 1, wait_max));
    rig.writer->end();
    done(became[0].get());
}

TEST_CASE("beyond what may wait the answer is busy, at once, and nothing else is disturbed") {
    writer_rig rig;
    auto release = rig.hold();
    std::vector<awaited<chat::outcome>> became;
    for (std::size_t i = 0; i < storage::waiting_commands_max; ++i) became.push_back(rig.add("x"));
    const auto no = refused(rig.add("y").get());  // the writer still holds
    CHECK(no.code == error_code::busy);
    CHECK(no.retry_ms > 0);
    release.set_value();
    for (auto& each : became) done(each.get());
    CHECK(rig.lines() == storage::waiting_commands_max);
}

TEST_CASE("what may wait is bounded in bytes too") {
    writer_rig rig;
    auto release = rig.hold();
    auto fits = rig.add("x", storage::waiting_bytes_max);
    CHECK(refused(rig.add("y", 1).get()).code == error_code::busy);
    release.set_value();
    done(fits.get());
    done(rig.add("y", 1).get());
}

TEST_CASE("the writer carries out what waits before it ends") {
    writer_rig rig;
    auto release = rig.hold();
    std::vector<awaited<chat::outcome>> became;
    for (int i = 0; i < 100; ++i) became.push_back(rig.add("x"));
    std::thread ends([&] { rig.writer.reset(); });
    release.set_value();
    ends.join();
    for (auto& each : became) done(each.get());
    CHECK(rig.lines() == 100);
}

TEST_CASE(
    "a full disk refuses the group with busy, and the next one is written when there is room "
    "again") {
    writer_rig rig;
    const auto limit_pages = [&](const char* pragma) {
        return rig.submit([pragma](change& made) {
            made.db.execute(pragma);
            return chat::receipt{};
        });
    };
    done(limit_pages("PRAGMA max_page_count = 4").get());
    auto release = rig.hold();
    auto small = rig.add("small");
    auto large = rig.add(std::string(100'000, 'x'));
    release.set_value();
    CHECK(refused(small.get()).code == error_code::busy);
    CHECK(refused(large.get()).code == error_code::busy);
    CHECK(rig.writer->health().find("full") != std::string::npos);
    CHECK(rig.lines() == 0);
    CHECK(rig.writer->counted().groups_failed.value() == 1);
    done(limit_pages("PRAGMA max_page_count = 1000000").get());
    done(rig.add(std::string(100'000, 'x')).get());
    CHECK(rig.writer->health().empty());
    CHECK(rig.lines() == 1);
}

TEST_CASE("a file that another program has locked refuses with busy until it is free") {
    writer_rig rig;
    database other(rig.file(), database::access::read_write);
    other.execute("BEGIN IMMEDIATE");
    CHECK(refused(rig.add("x").get()).code == error_code::busy);
    CHECK_FALSE(rig.writer->health().empty());
    other.execute("ROLLBACK");
    done(rig.add("x").get());
    CHECK(rig.writer->health().empty());
    CHECK(rig.lines() == 1);
}

TEST_CASE("a command that throws is refused alone, and the rest of its group is written") {
    writer_rig rig;
    const bool by_sqlite = GENERATE(false, true);
    auto release = rig.hold();
    auto before = rig.add("before");
    auto bad = rig.submit([by_sqlite](change& changes) -> chat::outcome {
        changes.db.run("INSERT INTO lines VALUES ('of the bad one')");
        changes.news.ended_sessions.push_back("of the bad one");
        if (by_sqlite) changes.db.run("INSERT INTO nowhere VALUES (1)");
        throw std::logic_error("our own bug");
    });
    auto after = rig.add("after");
    release.set_value();
    done(before.get());
    done(after.get());
    const auto no = refused(bad.get());
    CHECK(no.code == error_code::internal);
    CHECK(no.retry_ms == storage::failed_retry_ms);
    CHECK(rig.writer->health().empty());  // the disk is well
    CHECK(rig.lines() == 2);
    CHECK(rig.commits.all().ended_sessions.empty());
    CHECK(rig.writer->counted().commands_failed.value() == 1);
    CHECK(rig.writer->counted().groups_failed.value() == 1);
    CHECK(rig.writer->counted().groups.value() == 2);  // the one that held, and the second try
}

TEST_CASE("damaged data are of the disk: the whole group is refused, and health says so") {
    writer_rig rig;
    const int code = GENERATE(SQLITE_CORRUPT, SQLITE_NOTADB);
    auto bad = rig.submit([code](change&) -> chat::outcome {
        throw storage::sqlite_error(code, "database disk image is malformed");
    });
    CHECK(refused(bad.get()).code == error_code::internal);
    CHECK(rig.writer->health().find("malformed") != std::string::npos);
    CHECK(rig.writer->counted().commands_failed.value() == 0);
}

TEST_CASE("a room's log has no gap where a command failed") {
    ledger_rig closed;
    closed.close();
    group_writer writer(
        database(closed.file(), database::access::read_write), closed.commits,
        [] { return base::time_ms{1'795'132'800'001}; }, storage::open_files(),
        [](database& db, auto commands, base::time_ms now, bool with_nonces) {
            auto out = storage::carry_out(db, commands, now, with_nonces);
            for (const chat::command* each : commands)
                if (std::get<chat::authored<protocol::send>>(*each).nonce == "2")
                    throw std::logic_error("our own bug");
            return out;
        });
    const auto say = [&](const std::string& nonce) {
        auto promise = std::make_shared<std::promise<chat::outcome>>();
        return std::pair(storage::task{test::send("lobby", by("ann"), nonce, "hello", {}),
                                       [=](auto became) { promise->set_value(became); }, 1},
                         promise->get_future());
    };
    auto first = say("1"), bad = say("2"), last = say("3");
    std::vector<storage::task> together;
    for (auto* each : {&first, &bad, &last}) together.push_back(std::move(each->first));
    writer.submit(std::move(together));
    CHECK(done(first.second.get()).seq == 2);
    CHECK(refused(bad.second.get()).code == error_code::internal);
    CHECK(done(last.second.get()).seq == 3);
    writer.end();
    std::vector<std::uint64_t> heard;
    for (const auto& each : closed.commits.all().events) heard.push_back(each.event.seq);
    CHECK(heard == std::vector<std::uint64_t>{2, 3});
    database db(closed.file(), database::access::read_only);
    CHECK(storage::first_violation(db).empty());
}

TEST_CASE("when the cause is gone the writer finds out by itself") {
    writer_rig rig;
    database other(rig.file(), database::access::read_write);
    other.execute("BEGIN IMMEDIATE");
    CHECK(refused(rig.add("x").get()).code == error_code::busy);
    CHECK_FALSE(rig.writer->health().empty());
    other.execute("ROLLBACK");
    rig.until_health("");
    CHECK(rig.lines() == 0);
    CHECK(rig.writer->counted().groups.value() == 0);  // finding out is no group
}

TEST_CASE("groups that write nothing do not keep the writer from finding out") {
    writer_rig rig;
    database other(rig.file(), database::access::read_write);
    other.execute("BEGIN IMMEDIATE");
    CHECK(refused(rig.add("x").get()).code == error_code::busy);
    other.execute("ROLLBACK");
    done(rig.submit([](change&) { return chat::receipt{}; }).get());
    CHECK(rig.writer->health().empty());
}

TEST_CASE("while the cause lasts the writer goes on trying, and ends when it is asked to") {
    writer_rig rig;
    database other(rig.file(), database::access::read_write);
    other.execute("BEGIN IMMEDIATE");
    CHECK(refused(rig.add("x").get()).code == error_code::busy);
    rig.writer->end();
    CHECK_FALSE(rig.writer->health().empty());
}
