// Patches: applied to what the page has, they give what the page should show.
#include "tests/unit/wasm-client/view/drawn_page.hpp"

#include <random>

namespace parley::view {
namespace {

void add(state::driven_model& d, std::uint64_t first, std::uint64_t last) {
    d.receive(
        protocol::events{.room = "lobby", .epoch = 1, .events = state::messages(first, last)});
}

}  // namespace

TEST_CASE(
    "the first drawing goes to the end; a message adds a row and stays there; nothing new draws "
    "nothing") {
    state::driven_model d;
    d.enter_lobby(1, 20, 20);
    drawn_page page;
    page.draw(d);
    CHECK(page.count("message") == 20);
    CHECK(page.count("day") == 1);
    CHECK(page.scrolled_to == "end");
    page.view.rows().scrolled(500, 0, 400, 0);
    page.draw(d);
    CHECK(page.patches == 0);
    add(d, 21, 21);
    page.draw(d);
    CHECK(page.rows.back().at("seq") == 21);
    CHECK(page.scrolled_to == "end");
}

TEST_CASE("whoever reads above is not moved by new messages, and has a way back") {
    state::driven_model d;
    d.enter_lobby(1, 60, 60);
    drawn_page page;
    page.draw(d);
    page.view.rows().scrolled(100, 1'900, 400, -50);
    CHECK_FALSE(page.view.rows().at_end(d.model));
    d.happen(state::inputs::look{true, false});
    add(d, 61, 63);
    page.draw(d);
    CHECK(page.scrolled_to.empty());
    CHECK(page.topics["jump"]["shown"] == true);
    CHECK(page.topics["jump"]["unread"] == 3);
    page.view.rows().jump_to_latest();
    page.draw(d);
    CHECK(page.rows.back().at("seq") == 63);
    CHECK(page.topics["jump"]["shown"] == false);
}

TEST_CASE("a room with unread messages opens at its New line") {
    state::driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(state::summary("design", 30, 10));
    d.happen(state::inputs::show_room{"design"});
    drawn_page page;
    page.draw(d);
    CHECK(page.scrolled_to.empty());
    d.confirm_subscription("design", 30);
    d.receive(state::page_of("design", 1, 30));
    page.draw(d);
    CHECK(page.scrolled_to == "new-11");
    CHECK_FALSE(page.view.rows().at_end(d.model));
    CHECK(d.model.rooms.at("design").unread() == 20);
}

TEST_CASE("a message changes from sending to sent without another row for it") {
    state::driven_model d;
    d.enter_lobby(1, 5, 5);
    drawn_page page;
    page.draw(d);
    d.say("hello");
    page.draw(d);
    const auto sent = d.take<protocol::send>();
    CHECK(page.rows.back().at("state") == "sending");
    CHECK_FALSE(page.rows.back().contains("seq"));
    SECTION("committed, then confirmed by its event") {
        auto answer = state::driven_model::accepted(sent.id);
        answer.seq = 6;
        d.receive(answer);
        page.draw(d);
        CHECK(page.rows.back().at("state") == "sent");
        d.receive(
            protocol::events{.room = "lobby",
                             .epoch = 1,
                             .events = {state::message_event(6, "ann", "hello", sent.nonce)}});
        page.draw(d);
        CHECK(page.rows.back().at("seq") == 6);
        CHECK(page.rows.back().at("mine") == true);
        CHECK(page.count("message") == 6);
    }
    SECTION("refused") {
        d.receive(state::driven_model::refused(sent.id, "forbidden"));
        page.draw(d);
        CHECK(page.rows.back().at("state") == "failed");
        CHECK(page.rows.back().at("problem") == "No.");
        d.happen(state::inputs::discard{sent.nonce});
        page.draw(d);
        CHECK(page.rows.back().at("seq") == 5);
    }
}

TEST_CASE(
    "older pages: asked for before they are needed, and drawn above without touching what is "
    "there") {
    state::driven_model d;
    d.enter_lobby(500, 549, 549);
    drawn_page page;
    page.draw(d);
    page.view.rows().scrolled(100, 1'900, 400, -50);
    CHECK(page.view.rows().wants_older(d.model));
    d.happen(state::inputs::load_older{});
    page.draw(d);
    const auto before = page.keys();
    auto answer = state::driven_model::accepted(d.take<protocol::history>().id);
    answer.from = 300;
    answer.to = 499;
    answer.top = 549;
    answer.events = state::messages(300, 499);
    d.receive(answer);
    page.view.rows().scrolled(100, 1'900, 400, -50);
    page.draw(d);
    CHECK(page.scrolled_to.empty());
    CHECK(page.rows.size() > before.size());
    CHECK(page.rows.size() <= rows_max + 2);
    CHECK(page.keys().back() == before.back());
}

TEST_CASE("the window follows the person, and what that brings on the page does not move it back") {
    state::driven_model d;
    d.enter_lobby(1, 1'000, 1'000);
    drawn_page page;
    page.draw(d);
    for (int i = 0; i < 3; ++i) {
        page.view.rows().scrolled(100, 5'000, 400, -50);
        page.draw(d);
        CHECK(page.patches > 0);
    }
    const auto keys = page.keys();
    page.view.rows().scrolled(1'500, 10, 400,
                              0);  // the rows below were tall: now the page is near its other edge
    page.draw(d);
    CHECK(page.keys() == keys);
    page.view.rows().scrolled(1'505, 5, 400, 5);
    page.draw(d);
    CHECK(page.keys() != keys);
}

TEST_CASE("a move does not take away what is visible") {
    state::driven_model d;
    d.enter_lobby(1, 1'000, 1'000);
    drawn_page page;
    page.draw(d);
    page.view.rows().scrolled(300, 500, 3'000, -50);
    page.draw(d);
    const auto keys = page.keys();
    page.view.rows().scrolled(300, 500, 3'000, -50);
    page.draw(d);
    CHECK(page.keys() == keys);
    page.view.rows().scrolled(0, 800, 3'000, -300);
    page.draw(d);
    CHECK(page.keys() != keys);
}

TEST_CASE("a copy that was dropped is drawn anew, at its end") {
    state::driven_model d;
    d.enter_lobby(1, 50, 50);
    drawn_page page;
    page.draw(d);
    page.view.rows().scrolled(100, 1'900, 400, -50);
    auto far = state::head_of("lobby", 5'000);
    far.said = 50;
    d.receive(far);
    page.draw(d);
    CHECK(page.rows.empty());
    d.confirm_subscription("lobby", 5'000);
    d.receive(state::page_of("lobby", 4'951, 5'000));
    page.draw(d);
    CHECK(page.rows.back().at("seq") == 5'000);
    CHECK(page.scrolled_to == "end");
    CHECK(d.count<protocol::history>() == 0);
}

TEST_CASE("messages of others are announced; one's own words, history and floods are not") {
    state::driven_model d;
    d.enter_lobby(1, 5, 5);
    drawn_page page;
    page.draw(d);
    CHECK(page.announced.empty());
    add(d, 6, 7);
    d.say("mine");
    page.draw(d);
    CHECK(page.announced == std::vector<std::string>{"bob: m6", "bob: m7"});
    page.announced.clear();
    add(d, 8, 40);
    page.draw(d);
    CHECK(page.announced == std::vector<std::string>{"33 new messages"});
}

TEST_CASE("what is read out has no signs of markup and no spoilers") {
    state::driven_model d;
    d.enter_lobby(1, 1, 1);
    drawn_page page;
    page.draw(d);
    d.receive(protocol::events{.room = "lobby",
                               .epoch = 1,
                               .events = {state::message_event(2, "bob", "**it** is ||him||")}});
    page.draw(d);
    CHECK(page.announced == std::vector<std::string>{"bob: it is █████"});
}

TEST_CASE("hostile texts are data in the patches, links are marked, and all of it is JSON") {
    state::driven_model d;
    d.enter_lobby(1, 1, 1);
    const std::string text =
        "<img src=x onerror=\"alert(1)\">\\\"\t\n</script> https://a.example/?\"x \u2028";
    d.receive(protocol::events{
        .room = "lobby", .epoch = 1, .events = {state::message_event(2, "bob", text)}});
    drawn_page page;
    page.draw(d);
    CHECK(shown_text(page.rows.back()) == text);
    int links = 0;
    for (const auto& part : page.rows.back().at("parts")) links += part == "bare" ? 1 : 0;
    CHECK(links == 1);
}

TEST_CASE("a text of emoji alone is drawn larger") {
    state::driven_model d;
    d.enter_lobby(1, 1, 1);
    drawn_page page;
    auto is_large = [&, seq = 1](const std::string& text) mutable {
        d.receive(protocol::events{
            .room = "lobby", .epoch = 1, .events = {state::message_event(++seq, "bob", text)}});
        page.draw(d);
        return page.rows.back().at("large").get<bool>();
    };
    CHECK(is_large("🎉 👍🏽"));
    CHECK_FALSE(is_large("🎉 yes"));
    CHECK_FALSE(is_large("🎉🎉🎉🎉🎉🎉🎉🎉🎉"));
}

TEST_CASE("whatever happens, patching gives the same page as drawing anew") {
    std::mt19937 chance(7);
    state::driven_model d;
    d.enter_lobby(800, 1'000, 1'000);
    drawn_page page;
    std::uint64_t top = 1'000;
    for (int step = 0; step < 400; ++step) {
        switch (chance() % 7) {
            case 0:
                add(d, top + 1, top + 30);
                top += 30;
                break;
            case 1:
                add(d, top + 1, top + 1);
                ++top;
                break;
            case 2: d.say("mine"); break;
            case 3: page.view.rows().scrolled(0, 5'000, 400, -10); break;
            case 4: page.view.rows().scrolled(5'000, chance() % 2 ? 0 : 300, 400, 10); break;
            case 5:
                d.happen(state::inputs::look{chance() % 2 == 0, page.view.rows().at_end(d.model)});
                break;
            default:
                if (d.model.unsent.messages().empty()) break;
                d.model.unsent.remove(std::string(d.model.unsent.messages().front().nonce()));
        }
        if (chance() % 3 == 0) continue;
        page.draw(d);
        REQUIRE(page.rows.size() <= rows_max + state::unsent_max + 4);
        std::uint64_t before = 0;
        bool at_unsent = false;
        for (const auto& row : page.rows) {
            if (row.at("kind") != "message") continue;
            REQUIRE((!row.contains("seq") || !at_unsent));
            at_unsent = !row.contains("seq");
            if (at_unsent) continue;
            REQUIRE((before == 0 || row.at("seq") == before + 1));
            before = row.at("seq");
        }
    }
}

}  // namespace parley::view
