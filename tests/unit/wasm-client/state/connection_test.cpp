// Hello, welcome, resume, and what a lost connection leaves behind.
#include "tests/unit/wasm-client/state/driven_model.hpp"

namespace parley::state {

TEST_CASE("a fresh page says hello without resume, opens the lobby and follows it") {
    driven_model d;
    d.sign_in();
    const auto hello = d.connect();
    CHECK(hello.resume.empty());
    CHECK(d.model.link == connection::connecting);
    d.welcome(*hello.id, {summary("aaa", 1, 1), summary("lobby", 3, 3)});
    CHECK(d.model.link == connection::online);
    CHECK(d.model.open == "lobby");
    CHECK(d.take<protocol::subscribe>().room == "lobby");
}

TEST_CASE("the room in the address is opened, joined or not") {
    driven_model d;
    d.happen(inputs::started{"design"});
    d.sign_in();
    d.welcome(*d.connect().id, {summary("lobby", 3, 3)});
    CHECK(d.model.open == "design");
    CHECK_FALSE(d.model.rooms.at("design").joined);
    CHECK(d.take<protocol::subscribe>().room == "design");
}

TEST_CASE("a copy is resumed from its top, and what was missed is applied") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.lose_connection();
    const auto hello = d.connect();
    REQUIRE(hello.resume.size() == 1);
    CHECK(hello.resume[0].room == "lobby");
    CHECK(hello.resume[0].seq == 5);
    d.welcome(*hello.id, {summary("lobby", 8, 5)});
    CHECK(d.count<protocol::subscribe>() == 0);
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(6, 8)});
    CHECK(d.lobby().log.top() == 8);
    CHECK(d.lobby().log.oldest() == 1);
}

TEST_CASE("pages that the server streams by itself are not requested, unless they fail to come") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.reconnect({summary("lobby", 305, 5)});
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(6, 105)});
    CHECK(d.count<protocol::catch_up>() == 0);
    SECTION("all of them come; a later gap is fetched at once") {
        d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(106, 305)});
        CHECK(d.count<protocol::catch_up>() == 0);
        d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(307, 307)});
        CHECK(d.take<protocol::catch_up>().seq == 305);
    }
    SECTION("a gap among them") {
        d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(206, 305)});
        CHECK(d.take<protocol::catch_up>().seq == 105);
    }
    SECTION("this reader was too slow") {
        d.receive(head_of("lobby", 305));
        CHECK(d.take<protocol::catch_up>().seq == 105);
    }
    SECTION("silence: each page renews the trust") {
        d.pass(stream_patience_ms - 1);
        d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(106, 205)});
        d.pass(stream_patience_ms - 1);
        CHECK(d.count<protocol::catch_up>() == 0);
        CHECK(next_deadline(d.model, d.now_ms) == d.now_ms + 1);
        d.pass(1);
        CHECK(d.take<protocol::catch_up>().seq == 205);
    }
}

TEST_CASE("resync in the welcome drops the copy; the newest page sets a new base") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.lose_connection();
    auto room = summary("lobby", 900, 5);
    room.resync = true;
    d.welcome(*d.connect().id, {room});
    CHECK(d.lobby().log.empty());
    d.receive(page_of("lobby", 850, 900));
    CHECK(d.lobby().log.oldest() == 850);
    CHECK(d.lobby().log.top() == 900);
}

TEST_CASE("another epoch in the welcome drops the copy and what was known of reading") {
    driven_model d;
    d.enter_lobby(1, 50, 50);
    d.lose_connection();
    auto room = summary("lobby", 20, 10);
    room.epoch = 2;
    room.resync = true;
    d.welcome(*d.connect().id, {room});
    d.receive(page_of("lobby", 1, 20, 2));
    CHECK(d.lobby().log.top() == 20);
    CHECK(d.lobby().epoch == 2);
}

TEST_CASE("a copy that fell far behind is not resumed but read anew") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    SECTION("known before the hello") {
        d.lobby().head = 5 + far_behind_events + 1;
        d.lose_connection();
        CHECK(d.connect().resume.empty());
        CHECK(d.lobby().log.empty());
    }
    SECTION("learned from the welcome: events of the old subscription no longer count") {
        d.lose_connection();
        const auto hello = d.connect();
        d.welcome(*hello.id, {summary("lobby", 5 + far_behind_events + 1, 5)});
        CHECK(d.take<protocol::unsubscribe>().room == "lobby");
        d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(6, 30)});
        CHECK(d.lobby().log.empty());
        d.confirm_subscription("lobby", 406);
        d.receive(page_of("lobby", 357, 406));
        CHECK(d.lobby().log.oldest() == 357);
    }
    SECTION("at the limit it is still resumed") {
        d.lose_connection();
        d.welcome(*d.connect().id, {summary("lobby", 5 + far_behind_events, 5)});
        CHECK(d.count<protocol::unsubscribe>() == 0);
        CHECK(d.lobby().log.top() == 5);
    }
}

TEST_CASE("a room that the welcome does not name is gone") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(summary("design", 4, 0));
    CHECK(d.model.rooms.contains("design"));
    d.reconnect({summary("lobby", 5, 5)});
    CHECK_FALSE(d.model.rooms.contains("design"));
}

TEST_CASE("a silent connection gets a ping and is dropped without an answer") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.pass(protocol::limits::ping_after_ms - 1);
    CHECK(d.count<protocol::ping>() == 0);
    d.pass(1);
    const auto ping = d.take<protocol::ping>();
    SECTION("an answer keeps it") {
        d.receive(driven_model::accepted(ping.id));
        d.pass(15'000);
        CHECK(d.drops == 0);
    }
    SECTION("silence ends it") {
        d.pass(9'999);
        CHECK(d.drops == 0);
        d.pass(1);
        CHECK(d.drops == 1);
    }
    SECTION("coming back to the page asks at once, and only once") {
        d.receive(driven_model::accepted(ping.id));
        d.happen(inputs::probe{});
        d.happen(inputs::probe{});
        CHECK(d.count<protocol::ping>() == 1);
    }
}

TEST_CASE("close codes: 40xx come back, 41xx stop, the end of a session leads to the door") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    SECTION("4000") {
        d.receive(protocol::bye{.code = 4000, .reason = "restart", .retry_ms = 1234});
        d.lose_connection(4000);
        CHECK(wants_connection(d.model));
        CHECK(d.model.come_back_after_ms == 1234);
    }
    SECTION("4104") {
        d.lose_connection(4104);
        CHECK_FALSE(wants_connection(d.model));
    }
    SECTION("4102") {
        d.posted.clear();
        d.lose_connection(4102);
        REQUIRE(d.posted.size() == 1);
        CHECK(d.posted[0].type == "whoami");
        d.happen(inputs::posted{"whoami", R"({"type":"ok","guests":true})"});
        CHECK(d.model.at == stage::signed_out);
        CHECK(d.model.rooms.empty());
    }
}

TEST_CASE("a handshake that is refused makes the client ask who it is") {
    driven_model d;
    d.sign_in();
    d.posted.clear();
    d.happen(inputs::connecting{});
    d.lose_connection();
    REQUIRE(d.posted.size() == 1);
    CHECK(d.posted[0].type == "whoami");
}

TEST_CASE("only so many rooms are followed; the least recently opened is let go") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    for (std::size_t i = 0; i < kept_rooms_max; ++i)
        d.add_room(summary("r" + std::to_string(i), 4, 0));
    for (std::size_t i = 0; i < kept_rooms_max; ++i)
        d.happen(inputs::show_room{"r" + std::to_string(i)});
    CHECK(d.model.kept.size() == kept_rooms_max);
    CHECK(d.take<protocol::unsubscribe>().room == "lobby");
    CHECK(d.count<protocol::unsubscribe>() == 0);
    CHECK(d.lobby().log.empty());
    CHECK(d.lobby().joined);
}

TEST_CASE("never more requests in flight than the server allows") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.model.limits.requests_in_flight = 4;
    for (std::size_t i = 0; i < kept_rooms_max; ++i)
        d.add_room(summary("r" + std::to_string(i), 4, 0));
    for (std::size_t i = 0; i < kept_rooms_max; ++i)
        d.happen(inputs::show_room{"r" + std::to_string(i)});
    CHECK(d.sent.size() == 4);
    const auto first = d.take<protocol::subscribe>();
    d.receive(driven_model::refused(first.id, "internal"));
    CHECK(d.model.in_flight.size() == 4);
}

TEST_CASE("a connection that stays open asks whoami once a day, which renews the cookie") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.posted.clear();
    const std::vector<inputs::posted> answers = {
        {"whoami", R"({"type":"ok","user":"ann","guests":true})", 200},
        {"whoami", "", 0},
        {"whoami", "<h1>502</h1>", 502},
        {"whoami", R"({"type":"ok","guests":true})", 200},
    };
    for (const inputs::posted& answer : answers) {
        d.now_ms = d.model.renewal_due_ms - 1;
        d.receive(head_of("lobby", 5));
        CHECK(d.posted.empty());
        CHECK(next_deadline(d.model, d.now_ms) == d.now_ms + 1);
        d.pass(1);
        REQUIRE(d.posted.size() == 1);
        CHECK(d.posted[0].type == "whoami");
        d.posted.clear();
        d.happen(answer);
        CHECK(d.model.renewal_due_ms == d.now_ms + renewal_interval_ms);
        CHECK(d.model.link == connection::online);
        CHECK(d.model.at == stage::signed_in);
        CHECK_FALSE(d.model.server.unreachable);
        CHECK_FALSE(d.model.server.whoami_pending);
        CHECK(d.model.server.cause == "");
    }
}

}  // namespace parley::state
