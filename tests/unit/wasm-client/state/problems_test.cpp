// An error stands beside its cause, and goes when the cause goes.
#include "tests/unit/wasm-client/view/drawn_page.hpp"
#include "wasm-client/state/step.hpp"

namespace parley::state {
namespace {

nlohmann::json topic(const driven_model& d, const std::string& name) {
    view::drawn_page page;
    page.draw(d);
    return page.topics[name];
}

}  // namespace

TEST_CASE("the dialog for a new room stays open until the server agreed, with its error in it") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::new_room{});
    CHECK(topic(d, "dialog") == "new-room");
    d.happen(inputs::create_room{"Design"});
    CHECK(topic(d, "newRoom")["busy"] == true);
    d.happen(inputs::create_room{"Design"});
    CHECK(d.count<protocol::create_room>() == 1);
    d.receive(driven_model::refused(d.take<protocol::create_room>().id, "conflict"));
    CHECK(topic(d, "dialog") == "new-room");
    CHECK(topic(d, "newRoom")["busy"] == false);
    CHECK(topic(d, "newRoom")["problem"] == "#design exists already.");
    CHECK(topic(d, "newRoom")["existing"] == "design");
    d.happen(inputs::create_room{"Design 2"});
    CHECK(topic(d, "newRoom")["problem"] == "");
    d.receive(driven_model::accepted(d.take<protocol::create_room>().id));
    CHECK(topic(d, "dialog") == "");
    CHECK(d.model.open == "design-2");
    CHECK(d.model.latest_alert.number == 0);
}

TEST_CASE("the room that has the name already can be opened from the dialog") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::new_room{});
    d.happen(inputs::show_room{"design"});
    CHECK(topic(d, "dialog") == "");
    CHECK(d.model.open == "design");
}

TEST_CASE("a dialog says that there is no connection while there is none, and no longer") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    SECTION("new room") {
        d.happen(inputs::new_room{});
        d.happen(inputs::create_room{"Tea"});
        const auto before = d.take<protocol::create_room>();
        d.lose_connection();
        CHECK(topic(d, "newRoom")["problem"].get<std::string>().starts_with("You're offline."));
        CHECK(topic(d, "newRoom")["busy"] == true);
        d.reconnect({summary("lobby", 5, 5)});
        const auto again = d.take<protocol::create_room>();
        CHECK(again.nonce == before.nonce);
        CHECK(topic(d, "dialog") == "new-room");
        CHECK(topic(d, "newRoom")["busy"] == true);
        CHECK(topic(d, "newRoom")["problem"] == "");
        d.receive(driven_model::accepted(again.id));
        CHECK(topic(d, "dialog") == "");
        CHECK(d.model.open == "tea");
    }
    SECTION("browse: offline is not empty, and the list comes with the connection") {
        d.lose_connection();
        d.happen(inputs::browse_rooms{});
        CHECK(topic(d, "directory")["text"].get<std::string>().starts_with("You're offline."));
        d.sent.clear();
        d.welcome(*d.connect().id, {summary("lobby", 5, 5)});
        CHECK(topic(d, "directory")["text"] == "Looking for rooms…");
        d.receive(driven_model::accepted(d.take<protocol::list_rooms>().id));
        CHECK(topic(d, "directory")["text"] == "There are no public rooms yet.");
    }
}

TEST_CASE("a room that cannot be joined says so where it was chosen") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    const auto refuse = [&] {
        d.happen(inputs::join_room{"design"});
        auto answer = driven_model::refused(d.take<protocol::join>().id, "limit");
        answer.message = "you are in as many rooms as one may be";
        d.receive(answer);
    };
    SECTION("in the list") {
        d.happen(inputs::browse_rooms{});
        refuse();
        CHECK(topic(d, "dialog") == "browse");
        CHECK(topic(d, "directory")["text"] == "You are in as many rooms as one may be.");
        CHECK(topic(d, "note") == "");
    }
    SECTION("in the room, until it is joined or another is opened") {
        refuse();
        CHECK(topic(d, "note") == "You are in as many rooms as one may be.");
        d.happen(inputs::show_room{"design"});
        CHECK(topic(d, "note") == "");
    }
    CHECK(topic(d, "alert")["text"] == "");
}

TEST_CASE("an alert about one room is not shown over another, nor behind a dialog") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::show_room{"secret"});
    d.receive(driven_model::refused(d.take<protocol::subscribe>().id, "not_found"));
    CHECK(topic(d, "alert")["text"] == "#secret doesn't exist.");
    d.happen(inputs::browse_rooms{});
    CHECK(topic(d, "alert")["text"] == "");
    d.happen(inputs::close_dialog{});
    CHECK(topic(d, "alert")["text"] == "#secret doesn't exist.");
    d.happen(inputs::show_room{"design"});
    CHECK(topic(d, "alert")["text"] == "");
}

TEST_CASE("a form's error goes when the form is edited or another is chosen") {
    driven_model d;
    d.happen(inputs::started{""});
    d.happen(inputs::posted{"whoami", R"({"type":"ok","guests":true})"});
    d.happen(inputs::sign_up{"ann", "short"});
    CHECK(topic(d, "form")["problem"] != "");
    d.happen(inputs::edit_form{});
    CHECK(topic(d, "form")["problem"] == "");
}

TEST_CASE("files that are pasted or dropped get a line that loses nothing") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.type("typed before");
    const auto number = d.model.composer.number;
    d.happen(inputs::offer_files{});
    CHECK(topic(d, "note").get<std::string>().starts_with("Files can't be sent yet"));
    CHECK(d.model.composer.number == number);
    CHECK(d.model.drafts.text_in("lobby") == "typed before");
    d.type("typed after");
    CHECK(topic(d, "note") == "");
}

TEST_CASE("signing out asks about what would be lost, and about nothing else") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    CHECK(topic(d, "signOut") == "");
    d.type("half");
    CHECK(topic(d, "signOut") == "Signing out deletes 1 draft from this browser. Sign out?");
    d.lose_connection();
    d.say("one");
    d.say("two");
    CHECK(topic(d, "signOut") ==
          "Signing out deletes 2 unsent messages from this browser. Sign out?");
    d.type("three");
    CHECK(topic(d, "signOut") ==
          "Signing out deletes 2 unsent messages and 1 draft from this browser. Sign out?");
}

TEST_CASE("a text of the server is shown as a sentence") {
    CHECK(sentence("too fast") == "Too fast.");
    CHECK(sentence("No!") == "No!");
    CHECK(sentence("") == "Something went wrong on the server. Try again.");
}

TEST_CASE("a title that is too long in bytes is counted in characters, as people do") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::new_room{});
    std::string title;
    for (int i = 0; i < 66; ++i) title += "ж";
    d.happen(inputs::create_room{title});
    CHECK(topic(d, "newRoom")["problem"] == "This title is about 2 characters too long.");
    CHECK(d.count<protocol::create_room>() == 0);
    d.happen(inputs::create_room{title.substr(0, 128)});
    CHECK(d.count<protocol::create_room>() == 1);
}

}  // namespace parley::state
