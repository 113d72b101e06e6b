// Pages are read a few at a time for a whole shard, in order, and for nobody who has gone.
#include "server/chat/page_queue.hpp"

#include "tests/identities.hpp"
#include "tests/unit/catch.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace parley;

namespace {

struct slow_ledger final : chat::ledger {
    void submit(chat::command, std::function<void(chat::outcome)>) override {}
    void submit_all(std::vector<chat::submission>) override {}
    void look_up(chat::query what, std::function<void(chat::any_answer)> done) override {
        asked.push_back(std::get<chat::read_page>(what).room);
        if (at_once) return done(chat::page{});
        waiting.push_back(std::move(done));
    }
    void answer_first() {
        const auto done = std::move(waiting.front());
        waiting.erase(waiting.begin());
        done(chat::page{});
    }
    bool at_once = false;
    std::vector<std::string> asked;
    std::vector<std::function<void(chat::any_answer)>> waiting;
};

struct rig {
    slow_ledger log;
    chat::page_queue pages{log, 2};
    std::shared_ptr<int> reader = std::make_shared<int>();
    std::size_t answered = 0;

    void ask(const std::string& room) {
        pages.ask(chat::read_page{room, test::by("ann"), chat::read_page::direction::newest, 0, 1},
                  reader, [this](auto&&) { ++answered; });
    }
};

using rooms = std::vector<std::string>;

}  // namespace

TEST_CASE("so many pages are read at a time, the others in their order") {
    rig at;
    for (const char* room : {"a", "b", "c", "d"}) at.ask(room);
    CHECK(at.log.asked == rooms{"a", "b"});
    CHECK(at.pages.waiting() == 2);
    at.log.answer_first();
    CHECK(at.log.asked == rooms{"a", "b", "c"});
    at.log.answer_first();
    at.log.answer_first();
    at.log.answer_first();
    CHECK(at.answered == 4);
    at.ask("e");
    CHECK(at.log.asked == rooms{"a", "b", "c", "d", "e"});
}

TEST_CASE("nothing is read for a reader that has gone") {
    rig at;
    for (const char* room : {"a", "b", "c"}) at.ask(room);
    at.reader = std::make_shared<int>();
    at.ask("d");
    at.log.answer_first();
    CHECK(at.log.asked == rooms{"a", "b", "d"});
}

TEST_CASE("a ledger that answers within the call is asked for the next page after it") {
    rig at;
    at.ask("a");
    at.ask("b");
    for (int i = 0; i < 100'000; ++i) at.ask("c");
    at.log.at_once = true;
    at.log.answer_first();
    CHECK(at.answered == 100'001);
}
