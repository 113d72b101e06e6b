// The threads that read: their limit, and what they cannot do.
#include "server/storage/reader_pool.hpp"

#include "tests/unit/server/storage/ledger_rig.hpp"

using namespace parley;
using namespace parley::test;
using protocol::error_code;
using storage::database;

namespace {

std::unique_ptr<storage::reader_pool> pool_of_one(const std::filesystem::path& file) {
    std::vector<database> connections;
    connections.emplace_back(file, database::access::read_only);
    return std::make_unique<storage::reader_pool>(std::move(connections));
}

}  // namespace

TEST_CASE(
    "as many queries wait as the limit says, one more is busy at once, and each is answered before "
    "the end") {
    ledger_rig rig;
    rig.close();
    auto pool = pool_of_one(rig.file());
    std::promise<void> held, release;
    const auto hold = [&](database&) -> chat::any_answer {
        held.set_value();
        within(release.get_future(), "the test to go on");
        return chat::page{};
    };
    std::size_t answered = 0, busy = 0;
    const auto count = [&](const chat::any_answer& answer) {
        const auto* const no = std::get_if<chat::refusal>(&answer);
        ++(no && no->code == error_code::busy ? busy : answered);
    };
    pool->ask({hold, count});
    within(held.get_future(), "a query to be answered");
    for (std::size_t i = 0; i < storage::waiting_queries_max + 1; ++i)
        pool->ask({[](database&) -> chat::any_answer { return chat::page{}; }, count});
    CHECK(busy == 1);
    CHECK(answered == 0);
    release.set_value();
    pool.reset();
    CHECK(answered >= 1);  // what waited still is refused
    CHECK(answered + busy == storage::waiting_queries_max + 2);
}

TEST_CASE("a reader cannot write, and a failure is one answer, not the end") {
    ledger_rig rig;
    rig.close();
    auto pool = pool_of_one(rig.file());
    const auto ask = [&](std::function<chat::any_answer(database&)> look) {
        return wait_for<chat::any_answer>([&](auto answer) { pool->ask({look, answer}); });
    };
    const auto no = ask([](database& db) -> chat::any_answer {
        db.run("DELETE FROM events");
        return chat::page{};
    });
    REQUIRE(std::holds_alternative<chat::refusal>(no));
    CHECK(std::get<chat::refusal>(no).code == error_code::internal);
    CHECK(std::holds_alternative<chat::page>(ask([](database&) -> chat::any_answer {
        chat::page page;
        page.epoch = page.top = 7;
        return page;
    })));
}
