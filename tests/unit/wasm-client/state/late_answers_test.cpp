// Answers come when they were read, which may be long ago: what the page has heard since then
// stays.
#include "tests/unit/wasm-client/state/driven_model.hpp"

namespace parley::state {
namespace {

protocol::ok subscribed(std::uint64_t id, std::uint64_t top, std::uint64_t said) {
    auto answer = driven_model::accepted(id);
    answer.epoch = 1;
    answer.top = top;
    answer.said = said;
    return answer;
}

}  // namespace

TEST_CASE("of two subscriptions of a room only the answer to the newer one counts") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(summary("tea", 3, 3));
    d.happen(inputs::show_room{"tea"});
    const auto first = d.take<protocol::subscribe>();
    d.happen(inputs::show_room{"lobby"});
    d.receive(went_off_list("tea"));
    d.add_room(summary("tea", 3, 3));
    d.happen(inputs::show_room{"tea"});
    const auto second = d.take<protocol::subscribe>();
    d.receive(subscribed(first.id, 3, 3));
    CHECK(d.model.rooms.at("tea").subscribed == subscription::requested);
    d.receive(driven_model::refused(first.id, "not_found"));
    CHECK(d.model.rooms.at("tea").joined);
    d.receive(subscribed(second.id, 4, 4));
    CHECK(d.model.rooms.at("tea").subscribed == subscription::live);
    CHECK(d.model.rooms.at("tea").head == 4);
}

TEST_CASE("a refusal from before the room came onto the list does not take it off") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::show_room{"tea"});
    const auto first = d.take<protocol::subscribe>();
    d.add_room(summary("tea", 3, 3));
    d.receive(driven_model::refused(first.id, "not_found"));
    CHECK(d.model.rooms.at("tea").joined);
    const auto second = d.take<protocol::subscribe>();
    d.receive(driven_model::refused(second.id, "not_found"));
    const room* const tea = find_room(d.model, "tea");
    CHECK((!tea || !tea->joined));
}

TEST_CASE("a run that was read before the newest head does not take the head back") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(head_of("lobby", 7));
    const auto late = d.take<protocol::catch_up>();
    d.receive(head_of("lobby", 9));
    auto answer = subscribed(late.id, 5, 5);
    answer.events.emplace();
    answer.more = false;
    d.receive(answer);
    const auto again = d.take<protocol::catch_up>();
    CHECK(again.seq == 5);
    answer.id = again.id;
    d.receive(answer);
    CHECK(d.count<protocol::catch_up>() == 0);  // nothing comes: that head was wrong
    CHECK(d.lobby().head == 5);
}

TEST_CASE("a page from before the copy began is not taken: it lacks changes that are not known") {
    driven_model d;
    d.enter_lobby(100, 200, 200);
    d.happen(inputs::load_older{});
    auto page = subscribed(d.take<protocol::history>().id, 199, 199);
    page.from = 1;
    page.to = 99;
    page.events = messages(1, 99);
    d.receive(page);
    CHECK(d.lobby().log.oldest() == 100);
}

TEST_CASE("changes that came before an older page are folded into it in their order") {
    driven_model d;
    d.enter_lobby(100, 200, 200);
    d.happen(inputs::load_older{});
    const auto asked = d.take<protocol::history>();
    protocol::events run{.room = "lobby", .epoch = 1, .events = {}};
    for (const char* emoji : {"\xF0\x9F\x91\x8D", "\xE2\x9D\xA4"})
        run.events.push_back(event_of(201 + run.events.size(), "bob",
                                      protocol::reacted{.target = 7, .emoji = emoji}));
    d.receive(run);
    auto page = subscribed(asked.id, 200, 200);
    page.from = 1;
    page.to = 99;
    page.events = messages(1, 99);
    d.receive(page);
    const protocol::event* const target = d.lobby().log.find(7);
    REQUIRE(target);
    CHECK(protocol::as<protocol::message>(*target)->reactions.size() == 2);
}

TEST_CASE("counts from before a mark or a deletion that is known are asked for again") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(summary("tea", 9, 4));
    auto mark = marked("tea", 7);
    mark.seq = 7;
    d.receive(mark);
    const auto ask = [&d] {
        d.pass(counts_later_ms);
        return d.take<protocol::counts>().id;
    };
    auto answer = driven_model::accepted(ask());
    answer.counts = {{.room = "tea", .unread = 5, .said = 9, .read = 4, .top = 9}};
    answer.person = 6;
    d.receive(answer);
    CHECK(d.model.rooms.at("tea").reading.seq == 7);
    auto head = head_of("tea", 10);
    head.said = 9;
    head.shrunk = 10;
    d.receive(head);
    answer = driven_model::accepted(ask());
    answer.counts = {{.room = "tea", .unread = 2, .said = 9, .read = 7, .top = 9}};
    answer.person = 7;
    d.receive(answer);
    CHECK(d.model.rooms.at("tea").reading.uncertain);
    answer.id = ask();
    answer.counts = {{.room = "tea", .unread = 1, .said = 9, .read = 7, .top = 10}};
    d.receive(answer);
    CHECK(d.model.rooms.at("tea").unread() == 1);
    CHECK_FALSE(d.model.rooms.at("tea").reading.uncertain);
}

TEST_CASE("a mark is taken back also where the page has not heard how much was said") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(summary("tea", 1, 1));
    d.receive(marked("tea", 6));
    protocol::person back = marked("tea", 2);
    d.receive(back);
    CHECK(d.model.rooms.at("tea").unread() == 4);
}

}  // namespace parley::state
