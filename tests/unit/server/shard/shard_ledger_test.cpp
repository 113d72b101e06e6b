// What a shard asks for in one turn of its loop reaches the ledger in one piece.
#include "server/shard/shard_ledger.hpp"

#include "tests/commands.hpp"
#include "tests/identities.hpp"
#include "tests/unit/catch.hpp"

#include <boost/asio/post.hpp>

#include <string>
#include <vector>

using namespace parley;

namespace {

// A ledger that answers at once, and remembers what came together.
struct noted_ledger final : chat::ledger {
    std::vector<std::vector<std::string>> batches;

    void submit(chat::command what, std::function<void(chat::outcome)> done) override {
        submit_all({{std::move(what), std::move(done)}});
    }
    void submit_all(std::vector<chat::submission> several) override {
        auto& nonces = batches.emplace_back();
        for (auto& one : several) {
            const auto* const said = std::get_if<chat::authored<protocol::send>>(&one.what);
            nonces.push_back(said ? said->nonce : "");
            one.done(chat::receipt{.seq = nonces.size(), .epoch = 1, .session = {}});
        }
    }
    void look_up(chat::query, std::function<void(chat::any_answer)>) override {}
};

struct rig {
    boost::asio::io_context loop{1};
    noted_ledger log;
    shard::shard_ledger near{loop, log, std::make_shared<shard::mailbox>(loop)};
    std::vector<std::uint64_t> answers;

    void say(const std::string& nonce) {
        near.submit(test::send("lobby", test::by("ann"), nonce, "x", {}),
                    [this](const chat::outcome& became) {
                        answers.push_back(std::get<chat::receipt>(became).seq);
                    });
    }
};

using batch = std::vector<std::string>;

}  // namespace

TEST_CASE("commands of one turn begin to wait together, in order, and all are answered") {
    rig at;
    boost::asio::post(at.loop, [&] { at.say("a"); });
    boost::asio::post(at.loop, [&] { at.say("b"); });
    boost::asio::post(at.loop, [&] { at.say("c"); });
    at.loop.run();
    CHECK(at.log.batches == std::vector<batch>{{"a", "b", "c"}});
    CHECK(at.answers == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE("the next turn's commands go out by themselves") {
    rig at;
    at.say("a");
    at.loop.run();
    at.say("b");
    at.loop.restart();
    at.loop.run();
    CHECK(at.log.batches == std::vector<batch>{{"a"}, {"b"}});
}

TEST_CASE("messages on their way are those that were submitted and not answered") {
    rig at;
    at.say("a");
    at.near.submit(test::mark("lobby", test::by("ann"), 1), [](auto&&) {});
    at.say("b");
    CHECK(at.near.messages().submitted == 2);
    CHECK(at.near.messages().answered == 0);
    at.loop.run();
    CHECK(at.near.messages().answered == 2);
}
