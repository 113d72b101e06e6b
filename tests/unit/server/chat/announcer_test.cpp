// What others hear of a commit, and in which order.
#include "server/chat/announcer.hpp"

#include "tests/unit/catch.hpp"

#include <string>
#include <vector>

using namespace parley;

namespace {

struct noting final : chat::bus, chat::delivery_batches {
    void publish(chat::hint_list published) override {
        order += std::string(published.size(), 'h');
        hints = std::move(published);
    }
    void begin_interest(std::size_t, chat::subject) override {}
    void end_interest(std::size_t, chat::subject) override {}
    void begin() override { order += '('; }
    void end() override { order += ')'; }
    chat::hint_list hints;
    std::string order;
};

chat::committed_event message(const std::string& room, std::uint64_t seq) {
    protocol::event event;
    event.seq = seq;
    event.author = "ann";
    event.body = protocol::message{.text = std::string(500, 'x')};
    return {.room = room, .epoch = 1, .event = event};
}

}  // namespace

TEST_CASE("answers come before hints, all in one batch") {
    noting at;
    chat::announcer announcer(at, at);
    announcer.committed({.events = {message("a", 7), message("b", 3), message("a", 8)},
                         .ended_sessions = {"s"},
                         .taken_names = {"bob"}},
                        [&] { at.order += 'a'; });
    CHECK(at.order == "(ahhhh)");
    REQUIRE(at.hints.size() == 4);
    const auto& run = std::get<chat::events_committed>(*at.hints[0]).run;
    CHECK((run->room == "a" && run->first == 7 && run->last == 8));
    CHECK(std::get<chat::events_committed>(*at.hints[1]).run->room == "b");
    CHECK(std::get<chat::session_ended>(*at.hints[2]).session == "s");
    CHECK(std::get<chat::name_taken>(*at.hints[3]).user == "bob");
    CHECK(announcer.counters().broadcasts.value() == 2);
}

TEST_CASE("a commit without news is answered, and nobody else hears of it") {
    noting at;
    chat::announcer announcer(at, at);
    announcer.committed({}, [&] { at.order += 'a'; });
    CHECK(at.order == "(a)");
}

TEST_CASE("a run is compressed while somebody reads compressed frames") {
    noting at;
    std::atomic<std::size_t> readers{0};
    chat::announcer announcer(at, at, &readers);
    const auto is_compressed = [&] {
        announcer.committed({.events = {message("a", 1)}}, [] {});
        return std::get<chat::events_committed>(*at.hints.back()).run->deflated_json != nullptr;
    };
    CHECK_FALSE(is_compressed());
    readers = 1;
    CHECK(is_compressed());
    readers = 0;
    CHECK_FALSE(is_compressed());
}
