// Creating, joining, leaving and browsing rooms.
#include "tests/unit/wasm-client/state/driven_model.hpp"
#include "wasm-client/state/names.hpp"

namespace parley::state {

TEST_CASE("a room is created under the name that its title gives, and opened") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::create_room{" Release  planning! "});
    const auto request = d.take<protocol::create_room>();
    CHECK(request.room == "release-planning");
    CHECK(request.title == "Release  planning!");
    d.receive(driven_model::accepted(request.id));
    CHECK(d.model.open == "release-planning");
    CHECK_FALSE(d.model.rooms.at("release-planning").joined);
    d.receive(came_on_list(summary("release-planning", 2, 2)));
    CHECK(d.model.rooms.at("release-planning").joined);
    CHECK(d.model.rooms.at("release-planning").unread() == 0);
    CHECK(d.take<protocol::subscribe>().room == "release-planning");
}

TEST_CASE("a title of any script makes a room and stays as it was typed") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    for (const std::string title : {"Überblick", "Новости", "日本語", "🎉", "?!"}) {
        d.happen(inputs::create_room{title});
        const auto request = d.take<protocol::create_room>();
        CHECK(request.title == title);
        CHECK(request.room == room_name_from(title));
        CHECK(protocol::obeys(protocol::room_name, request.room));
        CHECK(d.model.new_room.problem == "");
        d.receive(driven_model::accepted(request.id));
    }
}

TEST_CASE("a title that is blank, or too long, is refused here") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::create_room{" "});
    CHECK(d.model.new_room.problem == "A room needs a title.");
    d.happen(inputs::create_room{std::string(protocol::limits::title_bytes_max + 1, 'x')});
    CHECK(d.sent.empty());
    CHECK(d.model.new_room.problem != "");
    d.happen(inputs::create_room{std::string(protocol::limits::title_bytes_max, 'x')});
    CHECK(d.count<protocol::create_room>() == 1);
}

TEST_CASE("messages before a join are not unread, even when the head came first") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::join_room{"design"});
    const auto request = d.take<protocol::join>();
    d.receive(head_of("design", 31));
    d.receive(driven_model::accepted(request.id));
    d.receive(came_on_list(summary("design", 31, 31)));
    CHECK(d.model.rooms.at("design").unread() == 0);
    CHECK_FALSE(d.model.rooms.at("design").new_after.has_value());
}

TEST_CASE("leaving forgets the room and opens another") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(summary("design", 4, 0));
    d.happen(inputs::show_room{"design"});
    d.happen(inputs::leave_room{"design"});
    d.receive(driven_model::accepted(d.take<protocol::leave>().id));
    CHECK_FALSE(d.model.rooms.contains("design"));
    CHECK(d.model.open == "lobby");
}

TEST_CASE("a room that cannot be followed is closed again, with the reason") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::show_room{"secret"});
    d.receive(driven_model::refused(d.take<protocol::subscribe>().id, "not_found"));
    CHECK(d.model.open == "lobby");
    CHECK(d.model.latest_alert.text == "#secret doesn't exist.");
    d.happen(inputs::show_room{"NOT A NAME"});
    CHECK(d.model.open == "lobby");
}

TEST_CASE("the directory is read page by page, and is bounded") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::browse_rooms{});
    std::size_t pages = 0;
    while (d.count<protocol::list_rooms>() > 0) {
        auto answer = driven_model::accepted(d.take<protocol::list_rooms>().id);
        answer.rooms.emplace();
        for (std::size_t i = 0; i < protocol::limits::rooms_page_max; ++i)
            answer.rooms->push_back(
                summary("r" + std::to_string(pages) + "-" + std::to_string(i), 0, 0));
        answer.more = true;
        d.receive(answer);
        REQUIRE(++pages < 100);
    }
    CHECK(d.model.browsed.complete);
    CHECK(d.model.browsed.rooms.size() == directory_rooms_max);
}

TEST_CASE(
    "a direct room is opened by its people, and entered under the name that the server says") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::open_direct{"ann"});
    CHECK(d.sent.empty());
    d.happen(inputs::open_direct{"aaron"});
    const auto request = d.take<protocol::open_direct>();
    CHECK(request.people == std::vector<std::string>{"aaron"});
    auto answer = driven_model::accepted(request.id);
    answer.room = "dm-1";
    d.receive(answer);
    CHECK((d.model.open == "dm-1" && d.model.rooms.at("dm-1").title == "aaron"));
    CHECK(d.model.rooms.at("dm-1").direct);
    d.receive(came_on_list(direct_summary("dm-1", "aaron", 3, 3)));
    CHECK(d.model.rooms.at("dm-1").joined);
    d.happen(inputs::show_room{"lobby"});
    d.happen(inputs::open_direct{"aaron"});
    CHECK(d.count<protocol::open_direct>() == 0);
    CHECK(d.model.open == "dm-1");
}

TEST_CASE("without a connection a direct room on the list is shown, and no other is opened") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(direct_summary("dm-1", "aaron", 3, 3));
    d.lose_connection();
    d.happen(inputs::open_direct{"zoe"});
    CHECK(d.model.note.text.starts_with("You're offline."));
    CHECK(d.model.unsent.messages().empty());
    d.happen(inputs::open_direct{"aaron"});
    CHECK(d.model.open == "dm-1");
}

TEST_CASE("a conversation that is closed leaves the list, and the next message brings it back") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(direct_summary("dm-1", "aaron", 3, 3));
    d.happen(inputs::show_room{"dm-1"});
    d.happen(inputs::leave_room{"dm-1"});
    d.receive(driven_model::accepted(d.take<protocol::leave>().id));
    CHECK((d.model.open == "lobby" && !d.model.rooms.contains("dm-1")));
    d.receive(came_on_list(direct_summary("dm-1", "aaron", 3, 3)));
    CHECK(d.model.rooms.at("dm-1").joined);
}

TEST_CASE("a direct room that cannot be opened is a note") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::open_direct{"aaron"});
    d.receive(driven_model::refused(d.take<protocol::open_direct>().id, "not_found"));
    CHECK(d.model.note.text == "No.");
    CHECK(d.model.unsent.messages().empty());
}

TEST_CASE("opening a room with unread messages puts the New line where reading stopped") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(summary("design", 4, 2));
    d.happen(inputs::show_room{"design"});
    CHECK(d.model.rooms.at("design").new_after == 2);
    d.say("hello");
    CHECK_FALSE(d.model.rooms.at("design").new_after.has_value());
}

TEST_CASE(
    "without a connection, rooms are neither created nor joined, and the page says so until it is "
    "back") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.lose_connection();
    d.happen(inputs::create_room{"Tea"});
    d.happen(inputs::join_room{"design"});
    d.happen(inputs::leave_room{"lobby"});
    CHECK(d.sent.empty());
    CHECK(d.lobby().joined);
    CHECK(d.model.note.text.starts_with("You're offline."));
    d.reconnect({summary("lobby", 5, 5)});
    CHECK(d.model.note.text == "");
}

}  // namespace parley::state
