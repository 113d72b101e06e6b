// What the server sends unasked: gaps, heads, unread, typing, and nonsense.
#include "tests/unit/wasm-client/state/driven_model.hpp"

namespace parley::state {

TEST_CASE("a gap is fetched, once, until it is closed") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(300, 300)});
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(301, 301)});
    auto request = d.take<protocol::catch_up>();
    CHECK(request.seq == 5);
    CHECK(d.count<protocol::catch_up>() == 0);
    auto page = driven_model::accepted(request.id);
    page.events = messages(6, 205);
    page.more = true;
    d.receive(page);
    request = d.take<protocol::catch_up>();
    CHECK(request.seq == 205);
    page = driven_model::accepted(request.id);
    page.events = messages(206, 301);
    d.receive(page);
    CHECK(d.count<protocol::catch_up>() == 0);
    CHECK(d.lobby().log.top() == 301);
}

TEST_CASE("a server that promises events and sends none is not asked without end") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(head_of("lobby", 100));
    auto page = driven_model::accepted(d.take<protocol::catch_up>().id);
    page.more = true;
    SECTION("nothing") {}
    SECTION("events that do not follow") { page.events = messages(50, 60); }
    d.receive(page);
    CHECK(d.count<protocol::catch_up>() == 0);
    CHECK(d.lobby().log.top() == 5);
}

TEST_CASE("a duplicated events frame changes nothing") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(4, 5)});
    CHECK(d.lobby().log.size() == 5);
    CHECK(d.sent.empty());
}

TEST_CASE("events of another epoch start the room over") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(protocol::events{.room = "lobby", .epoch = 2, .events = messages(6, 6)});
    CHECK(d.lobby().log.empty());
    CHECK(d.take<protocol::unsubscribe>().room == "lobby");
    CHECK_FALSE(d.take<protocol::subscribe>().seq.has_value());
}

TEST_CASE("unread are the messages after the mark, and only in joined rooms") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(summary("design", 7, 0));
    CHECK(d.model.rooms.at("design").unread() == 7);
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(6, 6)});
    CHECK(d.lobby().unread() == 0);
    CHECK(d.take<protocol::mark>().seq == 6);
    d.happen(inputs::look{false, true});
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(7, 9)});
    CHECK(d.lobby().unread() == 3);
    CHECK(d.lobby().new_after == 6);
    d.happen(inputs::look{true, false});
    CHECK(d.lobby().unread() == 3);
    d.happen(inputs::look{true, true});
    CHECK(d.lobby().unread() == 0);
    d.lobby().joined = false;
    d.receive(head_of("lobby", 99));
    CHECK(d.lobby().unread() == 0);
}

TEST_CASE("who comes and goes is no news to anybody") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::look{false, true});
    d.receive(protocol::events{
        .room = "lobby", .epoch = 1, .events = {event_of(6, "bob", protocol::joined{})}});
    CHECK(d.lobby().unread() == 0);
    CHECK_FALSE(d.lobby().new_after.has_value());
    d.receive(protocol::events{
        .room = "lobby",
        .epoch = 1,
        .events = {message_event(7, "bob", "hi"), event_of(8, "carl", protocol::left{})}});
    CHECK(d.lobby().unread() == 1);
    CHECK(d.lobby().new_after == 5);
    SECTION("another device read the message") {
        auto room = summary("lobby", 8, 7);
        room.unread = 0;
        d.reconnect({room});
        CHECK(d.lobby().unread() == 0);
    }
}

TEST_CASE(
    "another tab leaves a room or joins it: this one follows what the server tells, and not "
    "the events") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(protocol::events{
        .room = "lobby", .epoch = 1, .events = {event_of(6, "ann", protocol::left{})}});
    CHECK(d.lobby().joined);
    d.receive(went_off_list("lobby"));
    CHECK_FALSE(d.lobby().joined);
    CHECK(d.model.open == "lobby");
    d.receive(head_of("lobby", 9));
    CHECK(d.lobby().unread() == 0);
    d.receive(came_on_list(summary("lobby", 10, 10)));
    CHECK(d.lobby().joined);
    CHECK(d.lobby().unread() == 0);
    d.receive(came_on_list(summary("design", 7, 3)));
    CHECK(d.model.rooms.at("design").unread() == 4);
    d.receive(went_off_list("design"));
    CHECK_FALSE(d.model.rooms.contains("design"));
    d.receive(head_of("design", 9));
    CHECK_FALSE(d.model.rooms.contains("design"));
}

TEST_CASE("reading is sent at once, then at most once a second, and only forward") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(6, 6)});
    const auto first = d.take<protocol::mark>();
    CHECK(first.seq == 6);
    for (std::uint64_t seq = 7; seq < 20; ++seq)
        d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(seq, seq)});
    CHECK(d.count<protocol::mark>() == 0);
    d.receive(driven_model::accepted(first.id));
    REQUIRE(next_deadline(d.model, d.now_ms) == d.now_ms + 1'000);
    d.pass(1'000);
    CHECK(d.take<protocol::mark>().seq == 19);
    d.pass(5'000);
    CHECK(d.count<protocol::mark>() == 0);
}

TEST_CASE("typing ends after six seconds, with its message, or when it is taken back") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(protocol::typing_sign{.room = "lobby", .user = "bob", .active = true});
    d.receive(protocol::typing_sign{.room = "lobby", .user = "carl", .active = true});
    d.receive(protocol::typing_sign{.room = "lobby", .user = "ann", .active = true});
    CHECK(d.lobby().typing.size() == 2);
    d.receive(protocol::typing_sign{.room = "lobby", .user = "carl", .active = false});
    CHECK(d.lobby().typing.size() == 1);
    SECTION("time") {
        CHECK(next_deadline(d.model, d.now_ms) == d.now_ms + protocol::limits::typing_expiry_ms);
        d.pass(protocol::limits::typing_expiry_ms - 1);
        CHECK(d.lobby().typing.size() == 1);
        d.pass(1);
        CHECK(d.lobby().typing.empty());
    }
    SECTION("the message") {
        d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(6, 6)});
        CHECK(d.lobby().typing.empty());
    }
    SECTION("a lost connection") {
        d.lose_connection();
        CHECK(d.lobby().typing.empty());
    }
    SECTION("a crowd is bounded") {
        for (int i = 0; i < 500; ++i)
            d.receive(protocol::typing_sign{
                .room = "lobby", .user = "u" + std::to_string(i), .active = true});
        CHECK(d.lobby().typing.size() == typists_max);
    }
}

TEST_CASE("one's own typing is sent at most every three seconds, and its end at once") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    for (int i = 0; i < 25; ++i) {
        d.happen(inputs::type_text{"lobby", "h"});
        d.pass(100);
    }
    CHECK(d.take<protocol::typing>().active);
    CHECK(d.count<protocol::typing>() == 0);
    d.pass(500);
    d.happen(inputs::type_text{"lobby", "h"});
    CHECK(d.take<protocol::typing>().active);
    d.pass(5'000);
    CHECK_FALSE(d.take<protocol::typing>().active);
    d.pass(60'000);
    CHECK(d.count<protocol::typing>() == 0);
}

TEST_CASE("somebody opens a direct room with us: it appears, unread, under their name") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(direct_summary("dm.ann.bob", "bob", 2, 0));
    REQUIRE(d.model.rooms.contains("dm.ann.bob"));
    CHECK(d.model.rooms.at("dm.ann.bob").direct);
    CHECK(d.model.rooms.at("dm.ann.bob").unread() == 2);
}

TEST_CASE("nonsense from the server changes nothing and stops nothing") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    const auto hostile = GENERATE(
        as<std::string>{}, "", "{", "[]", "null", "\"ok\"", R"({"type":"ok"})",
        R"({"type":"ok","id":4000000000})",
        R"({"type":"error","id":99,"code":"what","message":""})",
        R"({"type":"surprise","room":"lobby"})",
        R"({"type":"events","room":"LOBBY","epoch":1,"events":[]})",
        R"({"type":"events","room":"lobby","epoch":1,"events":[{"seq":6}]})",
        R"({"type":"events","room":"nowhere","epoch":1,"events":[{"seq":1,"at":1,"author":"bob","kind":"message"}]})",
        R"({"type":"presence","room":"nowhere","online":5,"users":["bob"]})",
        R"({"type":"welcome","me":"ann","server":"x","rooms":7})");
    d.happen(inputs::received{hostile});
    CHECK(d.lobby().log.size() == 5);
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(6, 6)});
    CHECK(d.lobby().log.top() == 6);
}

TEST_CASE("an unknown kind of event, or a message without a text, still advances the copy") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::received{R"({"type":"events","room":"lobby","epoch":1,"events":[)"
                              R"({"seq":6,"at":1,"author":"bob","kind":"surprise","emoji":"x"},)"
                              R"({"seq":7,"at":1,"author":"bob","kind":"message"}]})"});
    CHECK(d.lobby().log.top() == 7);
}

TEST_CASE("older pages are requested once, before the oldest, until there are none") {
    driven_model d;
    d.enter_lobby(300, 305, 305);
    d.happen(inputs::load_older{});
    d.happen(inputs::load_older{});
    const auto request = d.take<protocol::history>();
    CHECK(request.before == 300);
    CHECK(d.count<protocol::history>() == 0);
    auto page = driven_model::accepted(request.id);
    SECTION("a page") {
        page.events = messages(100, 299);
        page.from = 100;
        page.to = 299;
        page.top = d.lobby().log.top();
        page.more = true;
        d.receive(page);
        CHECK(d.lobby().log.oldest() == 100);
        d.happen(inputs::load_older{});
        CHECK(d.take<protocol::history>().before == 100);
    }
    SECTION("retention kept nothing older") {
        d.receive(page);
        d.happen(inputs::load_older{});
        CHECK(d.count<protocol::history>() == 0);
    }
}

}  // namespace parley::state
