// Where the page stands when a visit to a room begins, what counts as read, and the bar above.
#include "tests/unit/wasm-client/view/drawn_page.hpp"

namespace parley::state {
namespace {

void answer_page(driven_model& d, std::uint64_t request_id, std::uint64_t from, std::uint64_t to,
                 std::uint64_t top) {
    auto answer = driven_model::accepted(request_id);
    answer.epoch = 1;
    answer.top = top;
    answer.from = from;
    answer.to = to;
    answer.more = from > 1;
    answer.events = messages(from, to);
    d.receive(answer);
}

protocol::events run(std::uint64_t first, std::uint64_t last) {
    return {.room = "lobby", .epoch = 1, .events = messages(first, last)};
}

// What the page shows: its New line is before the first unread message, the bar counts them.
void check_stands_at_first_unread(driven_model& d, view::drawn_page& page, std::uint64_t read,
                                  std::uint64_t unread) {
    page.draw(d);
    CHECK(page.scrolled_to == "new-" + std::to_string(read + 1));
    CHECK_FALSE(page.view.rows().at_end(d.model));
    CHECK(page.topics["news"]["unread"] == unread);
    CHECK(page.topics["news"]["at"] == 1'000'000 + read + 1);
    CHECK(page.topics["jump"]["shown"] == false);
}

// The person scrolled so far that this message is the last one on the screen.
void see(driven_model& d, std::uint64_t seq) { d.happen(inputs::look{true, false, seq}); }

const std::uint64_t read_before = 1'000;

}  // namespace

TEST_CASE("after a reconnect the page stands at the first unread message, however many there are") {
    const std::uint64_t missed = GENERATE(60, 150, 450);
    const std::uint64_t top = read_before + missed;
    driven_model d;
    d.enter_lobby(900, read_before, read_before);
    view::drawn_page page;
    page.draw(d);
    d.reconnect({summary("lobby", top, read_before)});
    if (missed <= far_behind_events) {
        d.receive(run(read_before + 1, top));
    } else {
        page.draw(d);
        CHECK(page.rows.empty());
        d.confirm_subscription("lobby", top);
        d.receive(page_of("lobby", top - 49, top));
        const auto request = d.take<protocol::history>();
        CHECK(request.around == read_before + 1);
        page.draw(d);
        CHECK(page.rows.empty());  // rather nothing than the end
        answer_page(d, request.id, read_before - 99, read_before + 100, top);
    }
    check_stands_at_first_unread(d, page, read_before, missed);
    CHECK(d.count<protocol::mark>() == 0);
    see(d, read_before + 20);
    CHECK(d.lobby().unread() == missed - 20);
    CHECK(d.take<protocol::mark>().seq == read_before + 20);
    page.draw(d);
    CHECK(page.topics["news"]["unread"] == missed - 20);
    CHECK(page.scrolled_to.empty());
}

TEST_CASE("a room with unread messages opens at the first of them, also beyond the newest page") {
    const std::uint64_t unread = GENERATE(20, 150, 450);
    driven_model d;
    d.enter_lobby(1, 5, 5);
    const std::uint64_t top = read_before + unread;
    d.add_room(summary("design", top, read_before));
    d.happen(inputs::show_room{"design"});
    view::drawn_page page;
    d.confirm_subscription("design", top);
    d.receive(page_of("design", top - 49, top));
    if (unread > 50) {
        const auto request = d.take<protocol::history>();
        CHECK(request.around == read_before + 1);
        SECTION("it comes") {
            answer_page(d, request.id, read_before - 99, read_before + 100, top);
            check_stands_at_first_unread(d, page, read_before, unread);
        }
        SECTION("it does not: the page stands at the end") {
            d.receive(driven_model::refused(request.id, "internal"));
            d.pass(protocol::limits::reconnect_max_ms);
            if (d.count<protocol::history>() > 0)
                d.receive(driven_model::refused(d.take<protocol::history>().id, "not_found"));
            page.draw(d);
            CHECK(page.scrolled_to == "end");
        }
    } else {
        check_stands_at_first_unread(d, page, read_before, unread);
    }
    CHECK(d.model.rooms.at("design").unread() == unread);
    CHECK(d.count<protocol::mark>() == 0);
}

TEST_CASE("scrolling down from the first unread message loads what is between it and the end") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(summary("design", 1'450, read_before));
    d.happen(inputs::show_room{"design"});
    d.confirm_subscription("design", 1'450);
    d.receive(page_of("design", 1'401, 1'450));
    answer_page(d, d.take<protocol::history>().id, 901, 1'100, 1'450);
    view::drawn_page page;
    page.draw(d);
    std::uint64_t loaded = 1'100;
    for (int i = 0; i < 100 && !page.view.rows().at_end(d.model); ++i) {
        page.view.rows().scrolled(5'000, 10, 400, 300);
        if (const auto seq = page.view.rows().wants_newer(d.model))
            d.happen(inputs::load_newer{seq});
        if (d.count<protocol::history>() > 0) {
            const auto request = d.take<protocol::history>();
            CHECK(request.after == loaded);
            loaded = std::min<std::uint64_t>(loaded + 200, 1'420);
            answer_page(d, request.id, *request.after + 1, loaded, 1'450);
        }
        page.draw(d);
    }
    CHECK(page.rows.back().at("seq") == 1'450);
    CHECK(d.model.rooms.at("design").log.stretches().size() == 1);
}

TEST_CASE("who comes back to a hidden tab stands at the first message that came meanwhile") {
    const std::uint64_t missed = GENERATE(1, 60, 450);
    driven_model d;
    d.enter_lobby(900, read_before, read_before);
    view::drawn_page page;
    page.draw(d);
    d.happen(inputs::look{false, true});
    d.receive(run(read_before + 1, read_before + missed));
    page.draw(d);
    CHECK(d.lobby().unread() == missed);
    d.happen(inputs::look{true, true, read_before + missed});  // as it stood before it was drawn
    CHECK(d.lobby().unread() == missed);
    check_stands_at_first_unread(d, page, read_before, missed);
    SECTION("another message moves nothing") {
        d.receive(run(read_before + missed + 1, read_before + missed + 1));
        page.draw(d);
        CHECK(page.scrolled_to.empty());
    }
    SECTION("jump to latest reads all") {
        page.view.rows().jump_to_latest();
        d.happen(inputs::look{true, page.view.rows().at_end(d.model)});
        page.draw(d);
        CHECK(d.lobby().unread() == 0);
        CHECK(page.topics["news"]["unread"] == 0);
    }
    SECTION("mark read stays where it is") {
        d.happen(inputs::read_all{});
        page.draw(d);
        CHECK(d.take<protocol::mark>().seq == read_before + missed);
        CHECK(page.topics["news"]["unread"] == 0);
        CHECK(page.scrolled_to.empty());
    }
}

TEST_CASE("who reads above is not moved by a reconnect") {
    driven_model d;
    d.enter_lobby(900, read_before, read_before);
    view::drawn_page page;
    page.draw(d);
    page.view.rows().scrolled(100, 1'900, 400, -50);
    see(d, 950);
    d.reconnect({summary("lobby", read_before + 60, read_before)});
    d.receive(run(read_before + 1, read_before + 60));
    page.draw(d);
    CHECK(page.scrolled_to.empty());
    CHECK(page.topics["jump"]["unread"] == 60);
    CHECK(page.topics["news"]["unread"] == 0);
}

TEST_CASE("no New line stands over one's own messages or over who came and went") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    view::drawn_page page;
    page.draw(d);
    d.happen(inputs::look{false, true});
    auto own = message_event(7, "ann", "from my phone");
    own.said = 6;
    auto news = message_event(8, "bob", "hello");
    news.said = 7;
    d.receive(protocol::events{
        .room = "lobby", .epoch = 1, .events = {event_of(6, "bob", protocol::joined{}), own}});
    d.happen(inputs::look{true, true});
    page.draw(d);
    CHECK(page.count("new") == 0);
    CHECK(d.lobby().unread() == 0);
    d.happen(inputs::look{false, true});
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = {news}});
    d.happen(inputs::look{true, true});
    page.draw(d);
    CHECK(page.scrolled_to == "new-8");
}

TEST_CASE("what was read elsewhere is read here") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(summary("design", 9, 4));
    d.receive(marked("design", 7));
    CHECK(d.model.rooms.at("design").unread() == 2);
    CHECK(d.model.rooms.at("design").reading.uncertain);
    d.pass(counts_soon_ms);
    auto answer = driven_model::accepted(d.take<protocol::counts>().id);
    answer.counts = {{.room = "design", .unread = 1, .said = 9, .read = 7, .top = 9}};
    answer.person = d.model.personal.seq();
    d.receive(answer);
    CHECK(d.model.rooms.at("design").unread() == 1);
    d.receive(marked("design", 9));
    CHECK(d.model.rooms.at("design").unread() == 0);
    SECTION("and what was marked unread elsewhere is unread here, on the screen or not") {
        d.receive(marked("lobby", 3));
        CHECK(d.lobby().unread() == 2);
        d.pass(60'000);
        CHECK(d.lobby().unread() == 2);
        CHECK(d.count<protocol::mark>() == 0);
    }
}

TEST_CASE("a mark that was lost with the connection does not read what came after it") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(run(6, 9));
    CHECK(d.lobby().reading.seq == 9);
    d.reconnect({summary("lobby", 15, 5)});
    CHECK(d.lobby().unread() == 6);
    CHECK(d.lobby().new_after == 9);
    d.receive(run(10, 15));
    CHECK(d.lobby().unread() == 6);
}

TEST_CASE("a mark that is on its way is not set back by an older one") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(run(6, 9));
    const auto mark = d.take<protocol::mark>();
    d.receive(marked("lobby", 7));
    CHECK(d.lobby().reading.seq == 9);
    d.receive(driven_model::accepted(mark.id));
    d.receive(marked("lobby", 9));
    d.pass(5'000);
    CHECK(d.lobby().reading.seq == 9);
    CHECK(d.count<protocol::mark>() == 0);
}

TEST_CASE("one's own message from another device is not unread") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(summary("design", 9, 9));
    SECTION("the mark comes first") {
        d.receive(marked("design", 10));
        d.receive(head_of("design", 10));
    }
    SECTION("the head comes first") {
        d.receive(head_of("design", 10));
        d.receive(marked("design", 10));
    }
    CHECK(d.model.rooms.at("design").unread() == 0);
}

TEST_CASE("a deletion of unread messages corrects the count") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    SECTION("in a room that is not open the server is asked") {
        d.add_room(summary("design", 9, 4));
        auto head = head_of("design", 10);
        head.said = 9;
        head.shrunk = 10;
        d.receive(head);
        d.pass(counts_soon_ms);
        auto answer = driven_model::accepted(d.take<protocol::counts>().id);
        answer.counts = {{.room = "design", .unread = 3, .said = 9, .read = 4, .top = 10}};
        d.receive(answer);
        CHECK(d.model.rooms.at("design").unread() == 3);
        d.receive(head);
        d.pass(counts_later_ms);
        CHECK(d.count<protocol::counts>() == 0);
    }
    SECTION("in the open room the copy knows") {
        d.happen(inputs::look{false, true});
        d.receive(run(6, 9));
        d.receive(protocol::events{
            .room = "lobby",
            .epoch = 1,
            .events = {event_of(10, "bob", protocol::deleted{.target = 7, .reason = {}})}});
        CHECK(d.lobby().unread() == 3);
        CHECK(protocol::text_of(*d.lobby().log.find(7)).empty());
    }
}

}  // namespace parley::state
