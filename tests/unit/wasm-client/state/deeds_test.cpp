// Edits, deletions, reactions, rooms created, joined and left: shown at once, sent in order,
// exactly once, and undone visibly when they are refused.
#include "tests/unit/wasm-client/view/drawn_page.hpp"

namespace parley::state {
namespace {

driven_model in_lobby() {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.receive(
        protocol::events{.room = "lobby", .epoch = 1, .events = {message_event(6, "ann", "mine")}});
    d.sent.clear();
    return d;
}

void edit(driven_model& d, std::string text) {
    d.happen(inputs::send{
        .room = d.model.open, .text = std::move(text), .random = ++d.random, .date_ms = d.date_ms});
}

nlohmann::json last_row(const driven_model& d) {
    view::drawn_page page;
    page.draw(d);
    return page.rows.back();
}
std::string text_of(const nlohmann::json& row) { return view::shown_text(row); }

protocol::ok with_seq(std::uint64_t id, std::uint64_t seq) {
    auto answer = driven_model::accepted(id);
    answer.seq = seq;
    return answer;
}

void commit(driven_model& d, std::uint64_t seq, std::string nonce, protocol::event_body body) {
    auto event = event_of(seq, "ann", std::move(body));
    event.nonce = std::move(nonce);
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = {event}});
}

}  // namespace

TEST_CASE("an edit is shown at once, names the wording that it changes, and is there once") {
    driven_model d = in_lobby();
    d.type("a draft");
    d.happen(inputs::change_message{.action = protocol::action::edit, .seq = 6});
    CHECK(d.model.composer.text == "mine");
    d.type("mine, bett");
    edit(d, "mine, better");
    CHECK(d.model.composer.text == "a draft");
    CHECK(text_of(last_row(d)) == "mine, better");
    CHECK(last_row(d).at("signs") == "edited");
    const auto sent = d.take<protocol::edit>();
    CHECK(sent.target == 6);
    CHECK(sent.base == 6);
    CHECK(d.stored.contains(storage_key("ann", sent.nonce)));
    SECTION("ok, then the event") {
        d.receive(with_seq(sent.id, 7));
        CHECK(d.stored.size() == 1);  // the draft
        CHECK(text_of(last_row(d)) == "mine, better");
        commit(d, 7, sent.nonce, protocol::edited{.target = 6, .base = 6, .text = sent.text});
    }
    SECTION("the event, then ok") {
        commit(d, 7, sent.nonce, protocol::edited{.target = 6, .base = 6, .text = sent.text});
        d.receive(with_seq(sent.id, 7));
    }
    SECTION("a cut: the same again") {
        d.reconnect({summary("lobby", 6, 6)});
        const auto again = d.take<protocol::edit>();
        CHECK(again.nonce == sent.nonce);
        d.receive(with_seq(again.id, 7));
        commit(d, 7, sent.nonce, protocol::edited{.target = 6, .base = 6, .text = sent.text});
    }
    CHECK(d.model.unsent.messages().empty());
    CHECK(text_of(last_row(d)) == "mine, better");
    CHECK(protocol::rev_of(*d.lobby().log.find(6)) == 7);
}

TEST_CASE("a second edit before the answer to the first is an edit of its wording") {
    driven_model d = in_lobby();
    d.happen(inputs::change_message{.action = protocol::action::edit, .seq = 6});
    edit(d, "second");
    const auto first = d.take<protocol::edit>();
    d.happen(inputs::change_message{.action = protocol::action::edit, .seq = 6});
    CHECK(d.model.composer.text == "second");
    edit(d, "third");
    d.happen(inputs::change_message{.action = protocol::action::edit, .seq = 6});
    edit(d, "fourth");
    CHECK(d.count<protocol::edit>() == 0);
    CHECK(text_of(last_row(d)) == "fourth");
    d.receive(with_seq(first.id, 7));
    const auto next = d.take<protocol::edit>();
    CHECK(next.text == "fourth");
    CHECK(next.base == 7);
    CHECK(d.model.unsent.unfinished() == 1);
}

TEST_CASE("a conflict keeps the text of the loser in the editor, beside the wording that won") {
    driven_model d = in_lobby();
    d.happen(inputs::change_message{.action = protocol::action::edit, .seq = 6});
    edit(d, "from here");
    const auto sent = d.take<protocol::edit>();
    auto elsewhere = event_of(7, "ann", protocol::edited{.target = 6, .base = 6, .text = "won"});
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = {elsewhere}});
    auto conflict = driven_model::refused(sent.id, "conflict");
    conflict.rev = 7;
    d.receive(conflict);
    CHECK(text_of(last_row(d)) == "won");
    CHECK(d.model.composer.text == "from here");
    view::drawn_page page;
    page.draw(d);
    CHECK(page.topics["editor"]["text"] == "It now says: “won”");
    CHECK(d.stored.empty());
    edit(d, "from here");
    const auto again = d.take<protocol::edit>();
    CHECK(again.base == 7);
    CHECK(again.nonce != sent.nonce);
}

TEST_CASE("an edit of what has not left rewrites it there; deleting it stops it") {
    driven_model d = in_lobby();
    d.lose_connection();
    d.say("first");
    const std::string nonce = d.model.unsent.messages().back().nonce();
    d.happen(inputs::change_message{.action = protocol::action::edit, .seq = 0, .nonce = nonce});
    CHECK(d.model.composer.text == "first");
    edit(d, "first, better");
    REQUIRE(d.model.unsent.messages().size() == 1);
    CHECK(text_of(last_row(d)) == "first, better");
    CHECK(from_stored(d.stored.at(storage_key("ann", nonce)))->message()->text == "first, better");
    SECTION("deleted") {
        d.happen(inputs::change_message{
            .action = protocol::action::delete_message, .seq = 0, .nonce = nonce});
        CHECK(d.model.unsent.messages().empty());
        CHECK(d.stored.empty());
    }
    SECTION("sent") {
        d.welcome(*d.connect().id, {summary("lobby", 6, 6)});
        CHECK(d.take<protocol::send>().text == "first, better");
    }
}

TEST_CASE("what was transmitted is changed after its answer, also by another page") {
    driven_model d = in_lobby();
    d.say("first");
    const auto sent = d.take<protocol::send>();
    d.happen(
        inputs::change_message{.action = protocol::action::edit, .seq = 0, .nonce = sent.nonce});
    edit(d, "first, better");
    CHECK(text_of(last_row(d)) == "first, better");
    CHECK(d.count<protocol::edit>() == 0);
    SECTION("the answer") { d.receive(with_seq(sent.id, 7)); }
    SECTION("the event") { commit(d, 7, sent.nonce, protocol::message{.text = "first"}); }
    SECTION("a page that was reloaded in between") {
        driven_model after;
        after.sign_in();
        after.welcome(*after.connect().id, {summary("lobby", 6, 6)});
        after.happen(inputs::restored{d.stored});
        const auto again = after.take<protocol::send>();
        CHECK(again.text == "first");
        CHECK(again.nonce == sent.nonce);
        after.receive(with_seq(again.id, 7));
        d = std::move(after);
    }
    if (d.count<protocol::edit>() == 0) {
        d.receive(with_seq(sent.id, 7));
    }
    const auto change = d.take<protocol::edit>();
    CHECK(change.target == 7);
    CHECK(change.base == 7);
    CHECK(change.text == "first, better");
}

TEST_CASE("a deletion takes the message away at once, and comes back when it is refused") {
    driven_model d = in_lobby();
    d.happen(inputs::change_message{.action = protocol::action::delete_message, .seq = 6});
    CHECK(last_row(d).at("deleted") == true);
    CHECK(text_of(last_row(d)) == "This message was deleted.");
    const auto sent = d.take<protocol::delete_message>();
    SECTION("it is deleted") {
        d.receive(with_seq(sent.id, 7));
        commit(d, 7, sent.nonce, protocol::deleted{.target = 6, .reason = {}});
        CHECK(last_row(d).at("deleted") == true);
        CHECK(d.model.unsent.messages().empty());
        d.happen(inputs::change_message{.action = protocol::action::edit, .seq = 6});
        CHECK_FALSE(d.model.editor.has_value());
    }
    SECTION("it is refused") {
        d.receive(driven_model::refused(sent.id, "forbidden"));
        CHECK(text_of(last_row(d)) == "mine");
        CHECK(d.model.latest_alert.text.starts_with("A message was not deleted"));
    }
}

TEST_CASE("nobody edits or deletes the message of another") {
    driven_model d = in_lobby();
    d.happen(inputs::change_message{.action = protocol::action::edit, .seq = 5});
    d.happen(inputs::change_message{.action = protocol::action::delete_message, .seq = 5});
    CHECK_FALSE(d.model.editor.has_value());
    CHECK(d.model.unsent.messages().empty());
}

TEST_CASE("a reaction is counted at once, and taken back by the same click") {
    driven_model d = in_lobby();
    auto theirs = event_of(7, "bob", protocol::reacted{.target = 6, .emoji = "👍"});
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = {theirs}});
    d.happen(inputs::change_message{.action = protocol::action::react, .seq = 6, .emoji = "👍"});
    auto pill = last_row(d).at("reactions").at(0);
    CHECK(pill.at("count") == 2);
    CHECK(pill.at("mine") == true);
    CHECK(pill.at("people") == "bob, ann");
    const auto sent = d.take<protocol::react>();
    CHECK(sent.on);
    SECTION("it stays one when the event comes before the answer") {
        commit(d, 8, sent.nonce, protocol::reacted{.target = 6, .emoji = "👍"});
        CHECK(last_row(d).at("reactions").at(0).at("count") == 2);
        d.receive(with_seq(sent.id, 8));
        CHECK(last_row(d).at("reactions").at(0).at("count") == 2);
        d.happen(inputs::change_message{.action = protocol::action::react, .seq = 6, .emoji = "👍"});
        CHECK_FALSE(d.take<protocol::react>().on);
        CHECK(last_row(d).at("reactions").at(0).at("count") == 1);
    }
    SECTION("another click before it left changes nothing on the server") {
        d.happen(inputs::change_message{.action = protocol::action::react, .seq = 6, .emoji = "👍"});
        CHECK(d.model.unsent.unfinished() == 2);
        d.happen(inputs::change_message{.action = protocol::action::react, .seq = 6, .emoji = "👍"});
        CHECK(d.model.unsent.unfinished() == 1);
        CHECK(last_row(d).at("reactions").at(0).at("count") == 2);
    }
    SECTION("a refusal takes it away") {
        d.receive(driven_model::refused(sent.id, "limit"));
        CHECK(last_row(d).at("reactions").at(0).at("count") == 1);
        CHECK(d.model.latest_alert.text != "");
    }
}

TEST_CASE("a message is pinned at once, by its menu, and a refusal takes the pin out") {
    driven_model d = in_lobby();
    const auto pin = [&d] {
        d.happen(inputs::change_message{.action = protocol::action::pin, .seq = 6});
    };
    CHECK(last_row(d).at("menu").at(1) == nlohmann::json{{"action", "pin"}, {"text", "Pin"}});
    pin();
    CHECK(last_row(d).at("signs") == "\xF0\x9F\x93\x8C pinned");
    CHECK(last_row(d).at("menu").at(1).at("text") == "Unpin");
    const auto sent = d.take<protocol::pin>();
    CHECK((sent.on && sent.target == 6));
    SECTION("it stays when the event comes, and the next click takes it out") {
        commit(d, 7, sent.nonce, protocol::pinned{.target = 6});
        d.receive(with_seq(sent.id, 7));
        CHECK(last_row(d).at("menu").at(1).at("text") == "Unpin");
        pin();
        CHECK_FALSE(d.take<protocol::pin>().on);
        CHECK(last_row(d).at("signs") == "");
    }
    SECTION("a refusal") {
        d.receive(driven_model::refused(sent.id, "limit"));
        CHECK(last_row(d).at("signs") == "");
        CHECK(d.model.latest_alert.text != "");
    }
}

TEST_CASE("one's own reaction in a page can be taken back") {
    driven_model d;
    d.sign_in();
    d.welcome(*d.connect().id, {summary("lobby", 1, 1)});
    d.happen(inputs::restored{});
    d.confirm_subscription("lobby", 1);
    auto page = page_of("lobby", 1, 1);
    protocol::as<protocol::message>(page.events[0])->reactions = {
        protocol::reaction{.emoji = "👍", .count = 30, .people = {"bob"}, .mine = true}};
    d.receive(page);
    CHECK(last_row(d).at("reactions").at(0).at("mine") == true);
    d.happen(inputs::change_message{.action = protocol::action::react, .seq = 1, .emoji = "👍"});
    CHECK_FALSE(d.take<protocol::react>().on);
    CHECK(last_row(d).at("reactions").at(0).at("count") == 29);
    CHECK(last_row(d).at("reactions").at(0).at("mine") == false);
}

TEST_CASE("Up edits the newest own message; Esc gives the draft back") {
    driven_model d = in_lobby();
    d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(7, 9)});
    d.happen(inputs::edit_last{});
    REQUIRE(d.model.editor.has_value());
    CHECK(d.model.editor->seq == 6);
    d.happen(inputs::cancel_edit{});
    CHECK(d.model.composer.text == "");
    CHECK_FALSE(d.model.editor.has_value());
    d.lose_connection();
    d.say("offline");
    d.happen(inputs::edit_last{});
    CHECK(d.model.composer.text == "offline");
}

TEST_CASE("a room that is joined, left or created while the connection is cut is so once") {
    driven_model d = in_lobby();
    d.happen(inputs::join_room{"design"});
    const auto join = d.take<protocol::join>();
    REQUIRE(join.nonce.has_value());
    d.happen(inputs::leave_room{"lobby"});
    CHECK(d.count<protocol::leave>() == 0);
    d.reconnect({summary("lobby", 6, 6)});
    const auto again = d.take<protocol::join>();
    CHECK(again.nonce == join.nonce);
    d.receive(driven_model::accepted(again.id));
    d.receive(came_on_list(summary("design", 3, 3)));
    CHECK(d.model.open == "design");
    const auto leave = d.take<protocol::leave>();
    CHECK(leave.room == "lobby");
    d.receive(driven_model::accepted(leave.id));
    d.receive(went_off_list("lobby"));
    CHECK_FALSE(d.model.rooms.contains("lobby"));
    CHECK(d.model.unsent.messages().empty());
    CHECK(d.stored.empty());
}

}  // namespace parley::state
