// What a person keeps: told by the server, changed through the outbox, the last change of a record
// first.
#include "tests/unit/wasm-client/state/driven_model.hpp"

namespace parley::state {
namespace {

protocol::person told(std::uint64_t seq, protocol::personal_body body) {
    return {.seq = seq, .anew = {}, .changes = {{.body = std::move(body)}}, .rooms = {}};
}
protocol::personal_body draft_of(const std::string& text) {
    return protocol::draft{.room = "lobby", .text = text};
}

}  // namespace

TEST_CASE("what is typed is shared after a pause, once, and goes when it is sent") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.type("hel");
    d.pass(draft_pause_ms - 1);
    d.type("hello");
    CHECK(d.count<protocol::set_draft>() == 0);
    d.pass(draft_pause_ms);
    const auto shared = d.take<protocol::set_draft>();
    CHECK((shared.room == "lobby" && shared.text == "hello"));
    d.receive(d.accepted(shared.id));
    d.say("hello");
    d.receive(d.accepted(d.take<protocol::send>().id));
    CHECK_FALSE(d.take<protocol::set_draft>().record().on);
    CHECK(draft_in(d.model, "lobby") == "");
}

TEST_CASE("of several changes of a record only the last is sent, after the one that is under way") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.happen(inputs::star_room{"lobby", true});
    const auto first = d.take<protocol::set_star>();
    d.happen(inputs::star_room{"lobby", false});
    d.happen(inputs::star_room{"lobby", true});
    d.happen(inputs::star_room{"lobby", false});
    CHECK(d.count<protocol::set_star>() == 0);
    d.receive(d.accepted(first.id));
    const auto last = d.take<protocol::set_star>();
    CHECK_FALSE(last.on);
    d.receive(d.accepted(last.id));
    CHECK(d.count<protocol::set_star>() == 0);
    CHECK(d.model.unsent.messages().empty());
    CHECK_FALSE(kept<protocol::star>(d.model, "lobby"));
}

TEST_CASE("what was changed without a connection is sent when it is back") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.lose_connection();
    d.happen(inputs::mute_room{"lobby", true});
    CHECK(kept<protocol::level>(d.model, "lobby")->level == "none");
    d.reconnect({summary("lobby", 5, 5)});
    CHECK(d.take<protocol::set_level>().level == "none");
}

TEST_CASE("the draft of another device stands in the composer, unless somebody writes there") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(told(7, draft_of("from the phone")));
    CHECK(d.model.composer.text == "from the phone");
    SECTION("what is being typed is never overwritten") {
        d.type("mine");
        d.receive(told(8, draft_of("other")));
        CHECK(d.model.composer.shown == "mine");
    }
    SECTION("nor what has the focus, until it loses it") {
        d.happen(inputs::write{true});
        d.receive(told(8, draft_of("other")));
        CHECK(d.model.composer.shown == "from the phone");
        d.happen(inputs::write{false});
        CHECK(d.model.composer.shown == "other");
    }
    SECTION("what is old is passed over") {
        d.receive(told(6, draft_of("older")));
        CHECK(d.model.composer.shown == "from the phone");
    }
}

TEST_CASE("a page that comes back says how far it was told, and what is told anew replaces all") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(told(7, protocol::setting{.name = "theme", .value = "dark"}));
    CHECK_FALSE(d.stored.contains(personal_key("ann")));
    SECTION("after a pause") { d.pass(2'000); }
    SECTION("before the page is hidden and perhaps thrown away") {
        d.happen(inputs::look{false, true});
    }
    REQUIRE(d.stored.contains(personal_key("ann")));
    driven_model after;
    after.sign_in();
    after.happen(inputs::restored{d.stored});
    const auto hello = after.connect();
    CHECK(hello.person == 7);
    CHECK(kept<protocol::setting>(after.model, "theme")->value == "dark");
    after.receive(protocol::welcome{.id = hello.id,
                                    .me = "ann",
                                    .server = "test/1",
                                    .limits = {},
                                    .rooms = {summary("lobby", 5, 5)},
                                    .person = 9,
                                    .anew = true,
                                    .changes = {}});
    CHECK_FALSE(kept<protocol::setting>(after.model, "theme"));
    CHECK(after.model.personal.seq() == 9);
}

TEST_CASE("a draft that the server refuses stays in this browser") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.type("too much");
    d.pass(draft_pause_ms);
    d.receive(d.refused(d.take<protocol::set_draft>().id, "limit"));
    CHECK(d.model.drafts.text_in("lobby") == "too much");
    CHECK(d.model.unsent.messages().empty());
    CHECK(d.model.note.text != "");
}

}  // namespace parley::state
