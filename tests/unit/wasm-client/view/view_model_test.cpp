// The topics around the timeline.
#include "tests/unit/wasm-client/view/drawn_page.hpp"

#include "wasm-client/view/person.hpp"

namespace parley::view {

TEST_CASE("the page goes from loading to the door to the chat") {
    state::driven_model d;
    drawn_page page;
    page.draw(d);
    CHECK(page.topics["view"] == "loading");
    d.happen(state::inputs::posted{"whoami", R"({"type":"ok","guests":true})"});
    page.draw(d);
    CHECK(page.topics["view"] == "sign-in");
    CHECK(page.topics["form"]["guests"] == true);
    d.enter_lobby(1, 5, 5);
    page.draw(d);
    CHECK(page.topics["view"] == "chat");
    CHECK(page.topics["connection"] == "online");
    CHECK(page.topics["title"] == "lobby · Parley");
}

TEST_CASE(
    "rooms stand by title, then people by name, each with its unread count; the title has the "
    "sum") {
    state::driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(state::direct_summary("dm.ann.zoe", "zoe", 2, 0));
    d.add_room(state::direct_summary("dm.ann.bob", "bob", 1, 0));
    d.add_room(state::summary("design", 4, 0));
    drawn_page page;
    page.draw(d);
    std::vector<std::string> titles;
    for (const auto& room : page.topics["rooms"]) titles.push_back(room.at("title"));
    CHECK(titles == std::vector<std::string>{"design", "lobby", "bob", "zoe"});
    CHECK(page.topics["rooms"][0]["unread"] == 4);
    CHECK(page.topics["rooms"][1]["open"] == true);
    CHECK(page.topics["title"] == "(7) lobby · Parley");
    CHECK(page.topics["elsewhere"] == 7);
    d.happen(state::inputs::show_room{"design"});
    page.draw(d);
    CHECK(page.topics["elsewhere"] == 3);
}

TEST_CASE(
    "a lost connection is mentioned after four seconds, not before, and not after it came back") {
    state::driven_model d;
    d.enter_lobby(1, 5, 5);
    drawn_page page;
    d.lose_connection();
    page.draw(d);
    CHECK(page.topics["connection"] == "offline");
    CHECK(page.topics["strip"]["text"] == "");
    CHECK(state::next_deadline(d.model, d.now_ms) == d.now_ms + state::quiet_outage_ms);
    d.pass(state::quiet_outage_ms - 1);
    page.draw(d);
    CHECK(page.topics["strip"]["text"] == "");
    d.pass(1);
    page.draw(d);
    CHECK(page.topics["strip"]["text"] != "");
    d.welcome(d.connect().id.value(), {state::summary("lobby", 5, 5)});
    page.draw(d);
    CHECK(page.topics["strip"]["text"] == "");
}

TEST_CASE("a connection that is lost at the zero of the clock is lost") {
    state::driven_model d;
    d.now_ms = 0;
    d.enter_lobby(1, 5, 5);
    d.lose_connection();
    d.pass(state::quiet_outage_ms);
    drawn_page page;
    page.draw(d);
    CHECK(page.topics["strip"] != "");
}

TEST_CASE("typing and presence are drawn for the open room alone") {
    state::driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(state::summary("design", 4, 0));
    d.receive(protocol::typing_sign{.room = "design", .user = "carl", .active = true});
    d.receive(protocol::typing_sign{.room = "lobby", .user = "bob", .active = true});
    d.receive(protocol::presence{.room = "lobby", .online = 120, .users = {"ann", "bob"}});
    drawn_page page;
    page.draw(d);
    CHECK(page.topics["typing"] == "bob is typing…");
    CHECK(page.topics["presence"]["online"] == 120);
    CHECK(page.topics["presence"]["people"].size() == 2);
}

TEST_CASE("an empty room says so once it is known to be empty") {
    state::driven_model d;
    d.sign_in();
    d.welcome(d.connect().id.value(), {state::summary("lobby", 0, 0)});
    drawn_page page;
    page.draw(d);
    CHECK(page.topics["empty"] == "");
    d.confirm_subscription("lobby", 0);
    page.draw(d);
    CHECK(page.topics["empty"] == "room");
    d.say("first");
    page.draw(d);
    CHECK(page.topics["empty"] == "");
}

TEST_CASE("initials and colours come from the name alone") {
    CHECK(initials_of("ann") == "A");
    CHECK(initials_of("ann.lee") == "AL");
    CHECK(initials_of("a_b-c") == "AB");
    CHECK(initials_of("007") == "0");
    CHECK(initials_of("._-") == "?");
    CHECK(hue_of("ann") == hue_of("ann"));
    CHECK(hue_of("ann") < hues);
}

TEST_CASE("the typing line names one or two, and counts no further") {
    std::vector<state::typist> typists;
    CHECK(typing_line(typists) == "");
    typists.push_back({"ann", 0});
    CHECK(typing_line(typists) == "ann is typing…");
    typists.push_back({"bob", 0});
    CHECK(typing_line(typists) == "ann and bob are typing…");
    typists.push_back({"carl", 0});
    CHECK(typing_line(typists) == "Several people are typing…");
}

TEST_CASE(
    "signing out asks about messages and drafts that would be lost, not about other records") {
    state::driven_model d;
    d.enter_lobby(1, 5, 5);
    d.lose_connection();
    drawn_page page;
    d.happen(state::inputs::star_room{"lobby", true});
    page.draw(d);
    CHECK(page.topics["signOut"] == "");
    d.say("hello");
    d.type("half");
    d.pass(state::draft_pause_ms);
    page.draw(d);
    CHECK(page.topics["signOut"] ==
          "Signing out deletes 1 unsent message and 1 draft from this browser. Sign out?");
}

}  // namespace parley::view
