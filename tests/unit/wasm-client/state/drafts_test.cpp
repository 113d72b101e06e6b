// What is half written: kept for its person and room, bounded, and gone when it was sent.
#include "tests/unit/wasm-client/state/driven_model.hpp"

namespace parley::state {
namespace {

// A later page of the same browser.
driven_model reloaded(const driven_model& before, const std::string& user = "ann") {
    driven_model after;
    after.sign_in(user);
    after.happen(inputs::connecting{});
    after.happen(inputs::opened{});
    after.receive(protocol::welcome{.id = after.take<protocol::hello>().id,
                                    .me = user,
                                    .server = "test/1",
                                    .limits = {},
                                    .rooms = {summary("design", 5, 5), summary("lobby", 5, 5)}});
    inputs::restored stored;
    for (const auto& [key, value] : before.stored)
        for (const std::string& prefix : after.loads)
            if (key.starts_with(prefix)) stored.values[key] = value;
    after.happen(stored);
    return after;
}

driven_model in_two_rooms() {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.add_room(summary("design", 4, 0));
    return d;
}

}  // namespace

TEST_CASE("each room has its own draft, which stands in the composer when the room is opened") {
    driven_model d = in_two_rooms();
    d.type("for the lobby");
    d.happen(inputs::show_room{"design"});
    CHECK(d.model.composer.text == "");
    d.type("for design\n\tas it was typed ");
    d.happen(inputs::show_room{"lobby"});
    CHECK(d.model.composer.text == "for the lobby");
    d.happen(inputs::show_room{"design"});
    CHECK(d.model.composer.text == "for design\n\tas it was typed ");
}

TEST_CASE("what is typed comes back in no composer that has it already") {
    driven_model d = in_two_rooms();
    const auto number = d.model.composer.number;
    d.type("h");
    d.type("he");
    CHECK(d.model.composer.number == number);
}

TEST_CASE("a key that is pressed before the page shows the other room belongs to the old one") {
    driven_model d = in_two_rooms();
    d.happen(inputs::show_room{"design"});
    d.happen(inputs::type_text{"lobby", "typed into the lobby"});
    CHECK(d.model.drafts.text_in("lobby") == "typed into the lobby");
    CHECK(d.model.drafts.text_in("design") == "");
}

TEST_CASE("a draft survives a reload, for its person alone") {
    driven_model before = in_two_rooms();
    before.type("half a thought");
    CHECK(reloaded(before).model.composer.text == "half a thought");
    CHECK(reloaded(before).model.open == "lobby");
    CHECK(reloaded(before, "bob").model.composer.text == "");
    CHECK(reloaded(before, "bob").model.drafts.all().empty());
}

TEST_CASE("a draft that was sent, or deleted, is nowhere any more") {
    driven_model d = in_two_rooms();
    d.type("hello");
    REQUIRE(d.stored.contains(draft_key("ann", "lobby")));
    SECTION("sent") { d.say("hello"); }
    SECTION("deleted, but for blanks") { d.type(" \n"); }
    CHECK_FALSE(d.stored.contains(draft_key("ann", "lobby")));
    CHECK(d.model.drafts.all().empty());
}

TEST_CASE("what is too long to be sent stays in the composer and in its draft") {
    driven_model d = in_two_rooms();
    const std::string text(protocol::limits::text_bytes_max + 1, 'x');
    d.type(text);
    d.say(text);
    CHECK(d.model.accepted == 0);
    CHECK(d.model.drafts.text_in("lobby") == text);
    CHECK(d.model.note.text != "");
    d.type(text.substr(1));
    CHECK(d.model.note.text == "");
}

TEST_CASE(
    "signing out deletes the drafts; a session that ends by itself keeps them for its person") {
    driven_model d = in_two_rooms();
    d.type("secret");
    SECTION("on purpose") {
        d.happen(inputs::sign_out{});
        d.happen(inputs::posted{"sign_out", R"({"type":"ok"})"});
        CHECK(d.stored.empty());
    }
    SECTION("by itself") {
        d.lose_connection(4102);
        d.happen(inputs::posted{"whoami", R"({"type":"ok","guests":true})"});
        CHECK(d.stored.size() == 1);
    }
    CHECK(d.model.at == stage::signed_out);
    CHECK(d.model.composer.text == "");
    CHECK(d.model.drafts.all().empty());
}

TEST_CASE("drafts are bounded in number and in bytes; the one written longest ago goes first") {
    drafts all;
    for (std::size_t i = 0; i < drafts_max; ++i)
        CHECK(all.write("room" + std::to_string(i), "x").empty());
    CHECK(all.write("room0", "again").empty());
    CHECK(all.write("one-more", "x") == std::vector<std::string>{"room1"});
    CHECK(all.all().size() == drafts_max);
    CHECK(all.text_in("room0") == "again");
    std::size_t gone = 0;
    for (int i = 0; i < 100; ++i)
        gone += all.write("long" + std::to_string(i), std::string(draft_bytes_max, 'x')).size();
    CHECK(gone == drafts_max + 100 - drafts_bytes_max / draft_bytes_max);
    CHECK(all.all().size() == drafts_bytes_max / draft_bytes_max);
}

TEST_CASE("a draft beyond its limit is cut between characters") {
    drafts all;
    all.write("lobby", std::string(draft_bytes_max - 1, 'x') + "ö");
    CHECK(all.text_in("lobby").size() == draft_bytes_max - 1);
}

TEST_CASE("a tab without a draft leaves alone what another tab stored for the room") {
    driven_model d = in_two_rooms();
    d.stored[draft_key("ann", "lobby")] = "of another tab";
    SECTION("sending") { d.say("x"); }
    SECTION("blanks") { d.type(" "); }
    CHECK(d.stored.at(draft_key("ann", "lobby")) == "of another tab");
}

TEST_CASE("Enter before the page shows the other room sends nothing, and the draft stays") {
    driven_model d = in_two_rooms();
    d.type("for the lobby");
    d.happen(inputs::show_room{"design"});
    d.happen(inputs::send{"lobby", "for the lobby", 1, d.date_ms});
    CHECK(d.model.accepted == 0);
    CHECK(d.count<protocol::send>() == 0);
    CHECK(draft_in(d.model, "lobby") == "for the lobby");
}

TEST_CASE("signing out deletes what other tabs stored for the person, and nothing of others") {
    driven_model d = in_two_rooms();
    d.stored[draft_key("ann", "design")] = "of another tab";
    d.stored[storage_key("ann", "nonce")] = "of another tab";
    d.stored[draft_key("bob", "lobby")] = "of bob";
    d.happen(inputs::sign_out{});
    d.happen(inputs::posted{"sign_out", R"({"type":"ok"})"});
    CHECK(d.stored.size() == 1);
    CHECK(d.stored.contains(draft_key("bob", "lobby")));
}

}  // namespace parley::state
