// The write-ahead log has its length from the start, and SQLite reads from it what was committed.
#include "server/storage/log_space.hpp"

#include "tests/unit/server/storage/ledger_rig.hpp"

#include <signal.h>
#include <sys/resource.h>

using namespace parley;
using namespace parley::test;

namespace {

struct synced_rig : ledger_rig {
    synced_rig() { reopen(); }
    void reopen() {
        close();
        storage::ledger_settings how = settings();
        how.sync = storage::durability::full;
        log = std::make_unique<storage::sqlite_ledger>(data(), commits, how);
    }
};

}  // namespace

TEST_CASE("commits do not make the write-ahead log longer") {
    synced_rig rig;
    CHECK(std::filesystem::file_size(rig.log_file()) == storage::log_bytes);
    for (int i = 0; i < 20; ++i)
        rig.say("lobby", "ann", std::string(10'000, 'x'), std::to_string(i));
    CHECK(std::filesystem::file_size(rig.log_file()) == storage::log_bytes);
    rig.close();
    CHECK_FALSE(std::filesystem::exists(rig.log_file()));
}

TEST_CASE("a log that a killed server left is read to its last commit, and no further") {
    synced_rig rig;
    for (int i = 0; i < 20; ++i) rig.say("lobby", "ann", "x", std::to_string(i));
    ledger_rig copy;
    copy.close();
    for (const auto& [from, to] :
         {std::pair(rig.file(), copy.file()), std::pair(rig.log_file(), copy.log_file())})
        std::filesystem::copy_file(from, to, std::filesystem::copy_options::overwrite_existing);
    copy.open();
    CHECK(copy.page("lobby", chat::read_page::direction::newest).top == 21);
    CHECK(copy.say("lobby", "ann", "x", "after").seq == 22);
}

TEST_CASE("a log that there is no room for stays as it was") {
    temporary_directory at;
    const auto file = at.path() / "log";
    std::ofstream(file, std::ios::binary) << "what is there";
    signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    REQUIRE(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    const rlimit little{10'000, limit.rlim_max};
    REQUIRE(setrlimit(RLIMIT_FSIZE, &little) == 0);
    storage::claim_log_space(file);
    REQUIRE(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    CHECK(contents(file) == "what is there");
    storage::claim_log_space(file, 20'000);
    CHECK(contents(file) == "what is there" + std::string(20'000 - 13, '\0'));
    storage::claim_log_space(file, 100);
    CHECK(std::filesystem::file_size(file) == 20'000);
}
