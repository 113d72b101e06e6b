// A record that waits to be sent, when the server refuses it, answers late, or has a later one.
#include "tests/unit/wasm-client/state/driven_model.hpp"

namespace parley::state {
namespace {

using change_list = std::vector<protocol::personal_record>;

protocol::personal_record draft_record(const std::string& text) {
    return {.body = protocol::set_draft{.id = 0, .room = "lobby", .text = text}.record()};
}
protocol::personal_record star_record(bool on) {
    return {.body = protocol::set_star{.id = 0, .room = "lobby", .on = on}.record()};
}
void receive_change(driven_model& d, std::uint64_t seq, protocol::personal_record change) {
    d.receive(
        protocol::person{.seq = seq, .anew = {}, .changes = {std::move(change)}, .rooms = {}});
}
void receive_answer(driven_model& d, std::uint64_t id, std::uint64_t seq) {
    auto answer = driven_model::accepted(id);
    answer.person = seq;
    d.receive(answer);
}
// In the lobby, with the beginning of a log.
driven_model in_lobby() {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    receive_change(d, 3, {.body = protocol::setting{.name = "theme", .value = "dark"}});
    return d;
}
void welcome_back(driven_model& d, std::uint64_t seq, change_list changes) {
    d.sent.clear();
    d.receive(protocol::welcome{.id = d.connect().id,
                                .me = "ann",
                                .server = "test/1",
                                .limits = {},
                                .rooms = {summary("lobby", 5, 5)},
                                .person = seq,
                                .anew = {},
                                .changes = std::move(changes)});
}
protocol::set_draft share(driven_model& d, const std::string& text) {
    d.type(text);
    d.pass(draft_pause_ms);
    return d.take<protocol::set_draft>();
}
// A later page of the same browser, before its first connection.
driven_model reloaded(const driven_model& before) {
    driven_model after;
    after.stored = before.stored;
    after.sign_in();
    after.happen(inputs::restored{before.stored});
    return after;
}

}  // namespace

TEST_CASE("of two changes of a record only the one that was refused is given up") {
    driven_model d = in_lobby();
    const auto first = share(d, "too much");
    d.type("less");
    d.pass(draft_pause_ms);
    d.receive(d.refused(first.id, "limit"));
    CHECK(d.take<protocol::set_draft>().text == "less");
    CHECK(draft_in(d.model, "lobby") == "less");
    CHECK(d.model.note.text == "");
}

TEST_CASE("a refused draft comes back, but never over newer text") {
    driven_model d = in_lobby();
    const auto first = share(d, "too much");
    SECTION("newer") { d.type("newer"); }
    SECTION("none: it was deleted here") { d.type(""); }
    const std::string typed = d.model.composer.shown;
    d.receive(d.refused(first.id, "limit"));
    CHECK(draft_in(d.model, "lobby") == typed);
    CHECK(d.model.drafts.text_in("lobby") == typed);
}

TEST_CASE("a draft whose answer was lost is not sent over what the log has since then") {
    driven_model d = in_lobby();
    const auto sent = share(d, "hello");
    SECTION("told after the connection is back") {
        d.lose_connection();
        welcome_back(d, 9, {draft_record("")});
    }
    SECTION("told before the connection was lost") {
        receive_change(d, 4, draft_record("hello"));
        receive_change(d, 5, draft_record(""));
        d.lose_connection();
        welcome_back(d, 9, {});
    }
    SECTION("told to the next page") {
        receive_change(d, 4, draft_record("hello"));
        receive_change(d, 5, draft_record(""));
        d.pass(10'000);
        d = reloaded(d);
        welcome_back(d, 9, {});
    }
    SECTION("told to the next page with its welcome") {
        d = reloaded(d);
        welcome_back(d, 9, {draft_record("")});
    }
    CHECK(d.count<protocol::set_draft>() == 0);
    CHECK(d.model.unsent.messages().empty());
    CHECK(draft_in(d.model, "lobby") == "");
    CHECK(std::none_of(d.stored.begin(), d.stored.end(), [](const auto& entry) {
        return entry.first.starts_with(storage_prefix("ann"));
    }));
}

TEST_CASE("what was changed since it was sent stays, whatever the log has") {
    driven_model d = in_lobby();
    SECTION("a draft") {
        share(d, "hel");
        d.lose_connection();
        d.type("hello");
        welcome_back(d, 9, {draft_record("")});
        CHECK(draft_in(d.model, "lobby") == "hello");
        d.pass(draft_pause_ms);
        CHECK(d.take<protocol::set_draft>().text == "hello");
    }
    SECTION("a star") {
        d.happen(inputs::star_room{"lobby", true});
        d.take<protocol::set_star>();
        d.lose_connection();
        d.happen(inputs::star_room{"lobby", false});
        welcome_back(d, 9, {star_record(true)});
        CHECK_FALSE(d.take<protocol::set_star>().on);
    }
    SECTION("what has never left, even by the page before") {
        d.lose_connection();
        d.type("written on the train");
        d.pass(draft_pause_ms);
        d = reloaded(d);
        welcome_back(d, 9, {draft_record("other")});
        CHECK(d.take<protocol::set_draft>().text == "written on the train");
    }
}

TEST_CASE("what the log has already is not sent") {
    driven_model d = in_lobby();
    d.lose_connection();
    d.happen(inputs::star_room{"lobby", true});
    welcome_back(d, 9, {star_record(true)});
    CHECK(d.count<protocol::set_star>() == 0);
    CHECK(d.model.unsent.messages().empty());
}

TEST_CASE("a record that is to be sent again later is not lost to another change") {
    driven_model d = in_lobby();
    const auto sent = share(d, "hello");
    receive_change(d, 4, draft_record("other"));
    d.receive(d.refused(sent.id, "rate", 700));
    d.pass(700);
    CHECK(d.take<protocol::set_draft>().text == "hello");
}

TEST_CASE("an answer that comes after a newer change does not undo it") {
    driven_model d = in_lobby();
    d.happen(inputs::star_room{"lobby", true});
    const auto sent = d.take<protocol::set_star>();
    SECTION("older") {
        receive_change(d, 4, star_record(true));
        receive_change(d, 5, star_record(false));
        receive_answer(d, sent.id, 4);
        CHECK_FALSE(kept<protocol::star>(d.model, "lobby"));
    }
    SECTION("newer") {
        receive_change(d, 4, star_record(false));
        receive_answer(d, sent.id, 5);
        CHECK(kept<protocol::star>(d.model, "lobby"));
    }
    CHECK(d.model.unsent.messages().empty());
}

TEST_CASE("a draft is shared without what the server refuses, and with its blanks") {
    driven_model d = in_lobby();
    const auto sent = share(d, "from a\vspreadsheet \x1b ");
    CHECK(sent.text == "from aspreadsheet  ");
    receive_answer(d, sent.id, 4);
    CHECK(d.model.drafts.all().empty());
    CHECK(draft_in(d.model, "lobby") == "from aspreadsheet  ");
    d.happen(inputs::write{true});
    d.happen(inputs::write{false});
    CHECK(d.count<protocol::set_draft>() == 0);
}

TEST_CASE(
    "messages that wait do not keep a draft from ending, nor records a message from waiting") {
    driven_model d = in_lobby();
    receive_answer(d, share(d, "hello").id, 4);
    d.lose_connection();
    SECTION("messages") {
        for (std::size_t i = 0; i + 1 < unsent_max; ++i) d.say("x");
        d.type("hello");
        d.say("hello");
        CHECK(d.model.note.text == "");
        CHECK(draft_in(d.model, "lobby") == "");
    }
    SECTION("records") {
        for (std::size_t i = 0; i < unsent_max; ++i)
            d.happen(inputs::star_room{"room" + std::to_string(i), true});
        d.say("hello");
        CHECK(d.model.accepted == 1);
        CHECK(draft_in(d.model, "lobby") == "");
    }
    SECTION("as many records as there may be") {
        for (int i = 0; i < 2'000; ++i)
            d.happen(inputs::star_room{"room" + std::to_string(i), true});
        CHECK(d.model.unsent.messages().size() < 1'000);
        CHECK(d.model.note.text != "");
        d.say("hello");
        CHECK(d.model.accepted == 1);
        CHECK(draft_in(d.model, "lobby") == "");
    }
}

TEST_CASE("the browser keeps what was typed until the server has it") {
    driven_model d = in_lobby();
    const auto sent = share(d, "hello");
    CHECK(d.stored.at(draft_key("ann", "lobby")) == "hello");
    SECTION("answered") {
        receive_answer(d, sent.id, 4);
        CHECK_FALSE(d.stored.contains(draft_key("ann", "lobby")));
        const auto log = personal_from_stored(d.stored.at(personal_key("ann")));
        REQUIRE((log && log->find<protocol::draft>("lobby")));
        CHECK(log->find<protocol::draft>("lobby")->text == "hello");
    }
    SECTION("typed on") {
        d.type("hello, ");
        receive_answer(d, sent.id, 4);
        CHECK(d.stored.at(draft_key("ann", "lobby")) == "hello, ");
    }
}

TEST_CASE("what was typed here is not replaced when the composer loses the focus") {
    driven_model d = in_lobby();
    d.happen(inputs::write{true});
    const auto sent = share(d, "mine");
    receive_answer(d, sent.id, 4);
    SECTION("another device wrote meanwhile") {
        receive_change(d, 5, draft_record("other"));
        d.happen(inputs::write{false});
        CHECK(d.model.composer.shown == "mine");
        d.type("mine, more");
        d.pass(draft_pause_ms);
        CHECK(d.take<protocol::set_draft>().text == "mine, more");
    }
    SECTION("what the log has and nobody writes follows it") {
        d.happen(inputs::write{false});
        receive_change(d, 5, draft_record("other"));
        CHECK(d.model.composer.shown == "other");
    }
}

TEST_CASE("the keys of one person are no prefix of another's") {
    CHECK_FALSE(personal_key("anna").starts_with(personal_key("ann")));
    CHECK_FALSE(storage_prefix("anna").starts_with(storage_prefix("ann")));
    CHECK_FALSE(draft_prefix("anna").starts_with(draft_prefix("ann")));
}

TEST_CASE("a room that goes from the list takes its draft from the browser") {
    driven_model d = in_lobby();
    d.add_room(summary("design", 4, 0));
    d.happen(inputs::show_room{"design"});
    const auto is_there = [&](const driven_model& at) {
        return std::any_of(at.stored.begin(), at.stored.end(), [](const auto& entry) {
            return entry.first.find("unsent/ann/~draft") != std::string::npos ||
                   entry.first == draft_key("ann", "design");
        });
    };
    SECTION("typed and not yet sent, in the open room") {
        d.type("secret");
        auto notice = went_off_list("design");
        notice.seq = 4;
        d.receive(notice);
        CHECK(d.model.composer.shown == "");
    }
    SECTION("waiting, in another room") {
        d.lose_connection();
        d.type("secret");
        d.happen(inputs::show_room{"lobby"});
        REQUIRE(is_there(d));
        welcome_back(d, 4, {});
        CHECK(d.count<protocol::set_draft>() == 0);
    }
    SECTION("of the page before") {
        d.type("secret");
        d = reloaded(d);
        REQUIRE(is_there(d));
        welcome_back(d, 4, {});
    }
    SECTION("left here") {
        d.type("secret");
        d.happen(inputs::leave_room{"design"});
        d.receive(d.accepted(d.take<protocol::leave>().id));
    }
    CHECK_FALSE(is_there(d));
    CHECK(d.model.drafts.text_in("design") == "");
    CHECK_FALSE(d.model.draft_due);
}

TEST_CASE("an answer to one tab leaves alone what waits in another, until a later page has both") {
    driven_model first;
    first.tab = {.random = 1, .date_ms = 1};
    first.enter_lobby(1, 5, 5);
    first.lose_connection();
    first.happen(inputs::star_room{"lobby", true});
    const auto waiting = first.stored;
    driven_model second;
    second.tab = {.random = 1, .date_ms = 2};
    second.stored = waiting;
    second.enter_lobby(1, 5, 5);
    second.happen(inputs::star_room{"lobby", false});
    CHECK(second.stored.size() == waiting.size() + 1);
    SECTION("answered") {
        receive_answer(second, second.take<protocol::set_star>().id, 4);
        CHECK(second.stored == waiting);
    }
    SECTION("both closed: a page has one record, of the tab that was opened last") {
        driven_model third;
        third.tab = {.random = 1, .date_ms = 3};
        third.stored = second.stored;
        third.sign_in();
        third.happen(inputs::restored{second.stored});
        CHECK(third.stored.size() == 1);
        CHECK_FALSE(kept<protocol::star>(third.model, "lobby"));
        CHECK(third.model.unsent.messages().size() == 1);
        third.happen(inputs::restored{third.stored});
        CHECK(third.stored.size() == 1);
    }
}

}  // namespace parley::state
