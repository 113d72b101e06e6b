// The ledger as a whole: what is acknowledged is on disk, and a file that is not ours is left
// alone.
#include "server/storage/schema.hpp"
#include "tests/unit/server/storage/ledger_rig.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <map>
#include <thread>

using namespace parley;
using namespace parley::test;
using Catch::Matchers::ContainsSubstring;
using protocol::error_code;
using direction = chat::read_page::direction;

namespace {

// Every event of the lobby, by paging through it; checks that no seq is missing or used twice.
std::vector<protocol::event> whole_log(ledger_rig& rig) {
    std::vector<protocol::event> all;
    for (bool more = true; more;) {
        const auto page = rig.page("lobby", direction::after, all.size());
        for (const auto& event : page.events) {
            REQUIRE(event.seq == all.size() + 1);
            all.push_back(event);
        }
        more = page.more;
    }
    return all;
}

struct acknowledgement {
    std::uint64_t seq;
    int number;
};

std::string nonce_of(int round, int number) {
    return "r" + std::to_string(round) + "-" + std::to_string(number);
}

// A server that writes to the pipe what it has acknowledged. REQUIRES: it runs in a process of its
// own.
[[noreturn]] void talk_until_killed(const std::filesystem::path& data, int round, int pipe) {
    recording_listener commits;
    storage::sqlite_ledger log(data, commits);
    constexpr int waiting_max = 40;
    std::vector<awaited<chat::outcome>> waiting;
    for (int number = 0;; ++number) {
        waiting.push_back(
            submit(log, test::send("lobby", by("ann"), nonce_of(round, number), "x", {})));
        if (waiting.size() < waiting_max) continue;
        for (int i = 0; i < waiting_max; ++i) {
            const acknowledgement said{std::get<chat::receipt>(waiting[i].get()).seq,
                                       number + 1 - waiting_max + i};
            if (write(pipe, &said, sizeof said) != sizeof said) _exit(1);
        }
        waiting.clear();
    }
}

}  // namespace

TEST_CASE(
    "eight threads talk at once: seq has no gap, everyone's order is kept, commits are fewer than "
    "messages") {
    ledger_rig rig;
    constexpr int talkers = 8, messages = 500;
    std::vector<std::thread> threads;
    for (int talker = 0; talker < talkers; ++talker)
        threads.emplace_back([&rig, talker] {
            const std::string author = "user" + std::to_string(talker);
            std::vector<awaited<chat::outcome>> became;
            for (int i = 0; i < messages; ++i)
                became.push_back(
                    submit(*rig.log, test::send("lobby", by(author), author + std::to_string(i),
                                                std::to_string(i), {})));
            for (auto& each : became) each.wait();
        });
    for (auto& thread : threads) thread.join();
    const auto events = whole_log(rig);
    REQUIRE(events.size() == 1 + talkers * messages);
    std::map<std::string, int> said;
    for (std::size_t i = 1; i < events.size(); ++i)
        CHECK(protocol::text_of(events[i]) == std::to_string(said[events[i].author]++));
    CHECK(rig.log->counted().commands.value() == talkers * messages);
    CHECK(rig.log->counted().groups.value() < talkers * messages / 4);
}

TEST_CASE("what was committed is reported once, in order") {
    ledger_rig rig;
    std::vector<awaited<chat::outcome>> became;
    for (int i = 0; i < 300; ++i)
        became.push_back(
            submit(*rig.log, test::send("lobby", by("ann"), "n" + std::to_string(i), "x", {})));
    for (auto& each : became) done(each.get());
    rig.close();
    std::uint64_t next = 2;
    for (const auto& each : rig.commits.all().events) {
        CHECK(each.room == "lobby");
        CHECK(each.event.seq == next++);
    }
    CHECK(next == 302);
}

TEST_CASE("the events of a group are reported together, after its answers") {
    ledger_rig rig;
    rig.commits.note('|');
    std::vector<chat::submission> together;
    for (const char* nonce : {"1", "2"})
        together.push_back({test::send("lobby", by("ann"), nonce, "hello", {}),
                            [&](auto&&) { rig.commits.note('a'); }});
    rig.log->submit_all(std::move(together));
    rig.close();
    const std::string order = rig.commits.order();
    CHECK(order.substr(order.find('|')) == "|(aae)");
}

TEST_CASE("an event is reported after it can be read") {
    struct reading_listener : chat::commit_listener {
        storage::sqlite_ledger* log = nullptr;
        std::atomic<int> unreadable{0}, heard{0};
        void committed(chat::commit changes, const std::function<void()>& answer) override {
            answer();
            for (const auto& each : changes.events) {
                const auto found =
                    ask(*log, chat::read_page{each.room, by("ann"), direction::newest, 0, 1});
                const auto* const page = std::get_if<chat::page>(&found);
                if (!page) continue;  // the ledger is closing: busy
                if (page->top < each.event.seq) ++unreadable;
                ++heard;
            }
        }
    } commits;
    temporary_directory directory;
    storage::sqlite_ledger log(directory.path(), commits);
    commits.log = &log;
    for (int i = 0; i < 20; ++i)
        done(log, test::send("lobby", by("ann"), "n" + std::to_string(i), "x", {}));
    done(log, test::send("lobby", by("ann"), "last", "x", {}));
    CHECK(commits.heard >= 20);
    CHECK(commits.unreadable == 0);
}

TEST_CASE("after kill -9 every acknowledged message is there, once") {
    ledger_rig rig;
    rig.close();
    for (int round = 0; round < 5; ++round) {
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0) talk_until_killed(rig.data(), round, ends[1]);
        close(ends[1]);
        std::vector<acknowledgement> heard;
        for (acknowledgement next; read(ends[0], &next, sizeof next) == sizeof next;) {
            heard.push_back(next);
            if (heard.size() == 300) kill(child, SIGKILL);  // and hear what it could still say
        }
        close(ends[0]);
        REQUIRE(waitpid(child, nullptr, 0) == child);
        CHECK(heard.size() >= 300);
        rig.open();
        const auto events = whole_log(rig);
        for (const auto& each : heard) {
            REQUIRE(each.seq <= events.size());
            CHECK(events[each.seq - 1].nonce == nonce_of(round, each.number));
        }
        rig.close();
    }
}

TEST_CASE("when writing fails nothing is acknowledged; when it works again, so does the ledger") {
    ledger_rig rig;
    rig.say("lobby", "ann", "before", "n1");
    signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    const rlimit none{1, limit.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &none) == 0);
    const auto no = refused(run(*rig.log, test::send("lobby", by("ann"), "n2", "lost", {})));
    REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    CHECK(no.code == error_code::internal);
    CHECK_FALSE(rig.log->health().empty());
    CHECK(rig.page("lobby", direction::newest).top == 2);
    CHECK(rig.say("lobby", "ann", "after", "n2").seq == 3);  // the nonce was not used up
    CHECK(rig.log->health().empty());
    rig.reopen();
    CHECK(whole_log(rig).size() == 3);
    CHECK(rig.commits.all().events.size() == 2);
}

TEST_CASE("the directory and the file are for their owner alone") {
    ledger_rig rig;
    struct stat found {};
    REQUIRE(stat(rig.data().c_str(), &found) == 0);
    CHECK((found.st_mode & 0777) == 0700);
    for (const char* name : {"parley.db", "parley.db-wal", "parley.lock"}) {
        REQUIRE(stat((rig.data() / name).c_str(), &found) == 0);
        CHECK((found.st_mode & 0777) == 0600);
    }
}

TEST_CASE("a second server on the same data is refused, until the first has gone") {
    ledger_rig rig;
    const auto second = [&] {
        storage::sqlite_ledger log(rig.data(), rig.commits, rig.settings());
    };
    CHECK_THROWS_WITH(second(), ContainsSubstring("another server is running"));
    rig.close();
    CHECK_NOTHROW(second());
}

TEST_CASE("a directory that cannot be made is refused") {
    ledger_rig rig;
    const auto start = [&](const std::filesystem::path& where) {
        storage::sqlite_ledger log(where, rig.commits);
    };
    CHECK_THROWS_WITH(start(rig.file()), ContainsSubstring("cannot be created"));
    CHECK_THROWS_WITH(start(rig.file() / "below"), ContainsSubstring("cannot be created"));
}

TEST_CASE("a file that is no database is refused and left alone") {
    ledger_rig rig;
    rig.close();
    std::ofstream(rig.file(), std::ios::trunc) << std::string(10'000, 'x');
    check_refused(rig, "not a database");
}

TEST_CASE("another program's database is refused and left alone") {
    ledger_rig rig;
    rig.close();
    std::filesystem::remove(rig.file());
    std::ofstream{rig.file()};
    storage::database(rig.file(), storage::database::access::read_write)
        .execute("CREATE TABLE theirs (x)");
    check_refused(rig, "another program");
}

TEST_CASE("data of a newer version is refused and left alone") {
    ledger_rig rig;
    rig.close();
    storage::database(rig.file(), storage::database::access::read_write)
        .execute("PRAGMA user_version = " + std::to_string(storage::schema_version + 1));
    check_refused(rig, "newer");
}

TEST_CASE("a damaged file is refused and left alone") {
    ledger_rig rig;
    for (int i = 0; i < 500; ++i)
        submit(*rig.log, test::send("lobby", by("ann"), "n" + std::to_string(i), "x", {})).wait();
    rig.close();
    const auto size = std::filesystem::file_size(rig.file());
    SECTION("a page is overwritten") {
        std::fstream file(rig.file(), std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(size / 2 / 4096 * 4096));
        file << std::string(4096, '\x7f');
    }
    SECTION("the end is missing") { std::filesystem::resize_file(rig.file(), size - 2 * 4096); }
    check_refused(rig, "damaged");
}

TEST_CASE("a small file that was left by a server that was killed is checked before it is served") {
    ledger_rig rig;
    for (int i = 0; i < 500; ++i)
        submit(*rig.log,
               test::send("lobby", by("ann"), "n" + std::to_string(i), std::string(400, 'x'), {}))
            .wait();
    rig.reopen();
    rig.say("lobby", "ann", "one more", "n500");
    const std::string log = contents(rig.log_file()), file = contents(rig.file());
    rig.close();
    std::ofstream(rig.file(), std::ios::binary) << file;
    std::ofstream(rig.log_file(), std::ios::binary) << log;
    overwrite_page(rig.file(), file.size() / 4096 / 2);
    for (int start = 0; start < 2; ++start) {
        check_refused(rig, "damaged");
        CHECK(contents(rig.log_file()) == log);
    }
}

TEST_CASE("an error at the start is one line") {
    ledger_rig rig;
    rig.close();
    const auto size = std::filesystem::file_size(rig.file());
    std::fstream(rig.file(), std::ios::in | std::ios::out | std::ios::binary).seekp(size - 4096)
        << std::string(4096, '\1');
    try {
        rig.open();
        FAIL("started on a damaged file");
    } catch (const std::runtime_error& error) {
        CHECK(std::string(error.what()).find('\n') == std::string::npos);
    }
}

TEST_CASE(
    "a file that is removed or replaced under a running server stops its writes until it is back") {
    ledger_rig rig;
    rig.say("lobby", "ann", "before", "n1");
    const auto which = GENERATE(as<std::string>(), "parley.db", "parley.db-wal");
    const auto file = rig.data() / which, aside = rig.directory.path() / "aside";
    std::filesystem::rename(file, aside);
    CHECK_THAT(rig.log->health(),
               ContainsSubstring(which + " was removed"));  // before anyone writes
    CHECK(refused(*rig.log, test::send("lobby", by("ann"), "n2", "lost", {})) ==
          error_code::internal);
    std::filesystem::copy_file(aside, file);
    CHECK_THAT(rig.log->health(), ContainsSubstring(which + " was replaced"));
    CHECK(refused(*rig.log, test::send("lobby", by("ann"), "n2", "lost", {})) ==
          error_code::internal);
    std::filesystem::rename(aside, file);
    CHECK(rig.say("lobby", "ann", "after", "n2").seq == 3);
    CHECK(rig.log->health().empty());
    rig.reopen();
    CHECK(whole_log(rig).size() == 3);
}

TEST_CASE("a log without its file is refused: SQLite would throw it away") {
    ledger_rig rig;
    rig.say("lobby", "ann", "acknowledged", "n1");
    const std::string log = contents(rig.log_file());
    rig.close();
    std::filesystem::remove(rig.file());
    std::ofstream(rig.log_file(), std::ios::binary) << log;
    CHECK_THROWS_WITH(rig.open(), ContainsSubstring("write-ahead log"));
    CHECK(contents(rig.log_file()) == log);
}
