// Unsent messages: order, resends with the same nonce, retries, storage.
#include "tests/unit/wasm-client/state/driven_model.hpp"

namespace parley::state {
namespace {

protocol::ok committed(std::uint64_t id, std::uint64_t seq) {
    auto answer = driven_model::accepted(id);
    answer.seq = seq;
    answer.at = 77;
    return answer;
}

protocol::events own_event(std::uint64_t seq, const protocol::send& sent) {
    return {
        .room = "lobby", .epoch = 1, .events = {message_event(seq, "ann", sent.text, sent.nonce)}};
}

}  // namespace

TEST_CASE(
    "a message is shown at once, stored until it is committed, and gone when its event is there") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.say("hello");
    REQUIRE(d.model.unsent.messages().size() == 1);
    CHECK(d.stored.size() == 1);
    const auto sent = d.take<protocol::send>();
    SECTION("ok, then event") {
        d.receive(committed(sent.id, 6));
        CHECK(d.stored.empty());
        REQUIRE(d.model.unsent.messages().size() == 1);
        CHECK(d.model.unsent.messages()[0].state == delivery::committed);
        CHECK(d.model.unsent.messages()[0].at_ms == 77);
        d.receive(own_event(6, sent));
    }
    SECTION("event, then ok") {
        d.receive(own_event(6, sent));
        CHECK(d.model.unsent.messages().empty());
        d.receive(committed(sent.id, 6));
    }
    SECTION("ok, then a page that covers it without the nonce") {
        d.receive(committed(sent.id, 6));
        d.receive(protocol::events{.room = "lobby", .epoch = 1, .events = messages(6, 6)});
    }
    SECTION("reconnect before the answer: the same nonce again, then its first answer") {
        d.reconnect({summary("lobby", 6, 5)});
        const auto again = d.take<protocol::send>();
        CHECK(again.nonce == sent.nonce);
        CHECK(again.text == sent.text);
        d.receive(own_event(6, sent));
        d.receive(committed(again.id, 6));
    }
    SECTION("reconnect between ok and event") {
        d.receive(committed(sent.id, 6));
        d.reconnect({summary("lobby", 6, 5)});
        CHECK(d.count<protocol::send>() == 0);
        d.receive(own_event(6, sent));
    }
    SECTION("reconnect between event and ok") {
        d.receive(own_event(6, sent));
        d.reconnect({summary("lobby", 6, 5)});
        CHECK(d.count<protocol::send>() == 0);
    }
    CHECK(d.model.unsent.messages().empty());
    CHECK(d.stored.empty());
    CHECK(d.lobby().log.top() == 6);
}

TEST_CASE("a fence that was left open is closed when it is sent") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.say("```\ncode");
    CHECK(d.take<protocol::send>().text == "```\ncode\n```");
}

TEST_CASE("one message is in flight at a time, so that none overtakes another") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    for (const auto* text : {"one", "two", "three"}) d.say(text);
    const auto first = d.take<protocol::send>();
    CHECK(d.count<protocol::send>() == 0);
    SECTION("refused for its pace: the same one again, after the time asked for") {
        d.receive(driven_model::refused(first.id, "rate", 700));
        d.say("four");
        d.pass(699);
        CHECK(d.count<protocol::send>() == 0);
        CHECK(next_deadline(d.model, d.now_ms) == d.now_ms + 1);
        d.pass(1);
        const auto again = d.take<protocol::send>();
        CHECK(again.nonce == first.nonce);
        CHECK(again.text == "one");
    }
    SECTION("refused for good: it is marked, the next one goes") {
        d.receive(driven_model::refused(first.id, "forbidden"));
        CHECK(d.model.unsent.find(first.nonce)->state == delivery::failed);
        CHECK(d.take<protocol::send>().text == "two");
        CHECK(d.stored.size() == 3);
        SECTION("retry uses the same nonce, after what is in flight") {
            d.happen(inputs::retry{first.nonce});
            CHECK(d.count<protocol::send>() == 0);
            CHECK(d.model.unsent.find(first.nonce)->state == delivery::waiting);
        }
        SECTION("discard forgets it, here and in the browser") {
            d.happen(inputs::discard{first.nonce});
            CHECK(d.model.unsent.find(first.nonce) == nullptr);
            CHECK(d.stored.size() == 2);
        }
    }
    SECTION("what is on its way cannot be discarded or retried") {
        d.happen(inputs::discard{first.nonce});
        d.happen(inputs::retry{first.nonce});
        CHECK(d.model.unsent.find(first.nonce)->state == delivery::in_flight);
    }
}

TEST_CASE("every code that may be retried is retried, every other fails the message") {
    for (const auto& meaning : protocol::error_meanings) {
        driven_model d;
        d.enter_lobby(1, 5, 5);
        d.say("hello");
        const auto sent = d.take<protocol::send>();
        d.receive(driven_model::refused(sent.id, std::string(meaning.word), 500));
        CHECK(d.model.unsent.find(sent.nonce)->state ==
              (meaning.retry ? delivery::waiting : delivery::failed));
        d.pass(500);
        CHECK(d.count<protocol::send>() == (meaning.retry ? 1 : 0));
    }
}

TEST_CASE("what a page left behind is restored in order and sent with the same nonces") {
    driven_model before;
    before.enter_lobby(1, 5, 5);
    before.lose_connection();
    for (const auto* text : {"one", "two", "three"}) before.say(text);
    REQUIRE(before.stored.size() == 3);

    driven_model after;
    after.date_ms += 60'000;
    after.sign_in();
    after.welcome(*after.connect().id, {summary("lobby", 5, 5)});
    REQUIRE(after.loads == std::vector<std::string>{"parley/unsent/ann/", "parley/draft/ann/",
                                                    "parley/person/ann/"});
    after.say("four");
    CHECK(after.count<protocol::send>() == 0);
    after.happen(inputs::restored{before.stored});
    std::vector<std::string> texts;
    for (std::uint64_t seq = 6; seq < 9; ++seq) {
        const auto sent = after.take<protocol::send>();
        CHECK(before.stored.contains(storage_key("ann", sent.nonce)));
        texts.push_back(sent.text);
        after.receive(committed(sent.id, seq));
    }
    CHECK(texts == std::vector<std::string>{"one", "two", "three"});
    CHECK(after.take<protocol::send>().text == "four");
}

TEST_CASE("only what belongs to this person is restored, and nonsense is not") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    const std::string stored = to_stored(
        {.request = protocol::send{
             .id = 0, .room = "lobby", .nonce = make_nonce(1, 2), .text = "x", .reply_to = {}}});
    d.happen(inputs::restored{{{"parley/unsent/bob/" + make_nonce(1, 2), stored},
                               {"parley/unsent/ann/" + make_nonce(1, 3), stored},
                               {"parley/unsent/ann/x", "{"}}});
    CHECK(d.model.unsent.messages().empty());
    d.happen(inputs::restored{{{"parley/unsent/ann/" + make_nonce(1, 2), stored}}});
    d.happen(inputs::restored{{{"parley/unsent/ann/" + make_nonce(1, 2), stored}}});
    CHECK(d.model.unsent.messages().size() == 1);
}

TEST_CASE("nonces differ, obey their rule, sort by time and carry it") {
    CHECK(make_nonce(5, 1) != make_nonce(5, 2));
    CHECK(make_nonce(5, ~0ULL) < make_nonce(6, 0));
    CHECK(time_of_nonce(make_nonce(1'795'132'800'000, 7)) == 1'795'132'800'000);
    CHECK(protocol::obeys(protocol::nonce_value, make_nonce(~0ULL, ~0ULL)));
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.lose_connection();
    for (int i = 0; i < 3; ++i) d.say("within one millisecond");
    const auto& waiting = d.model.unsent.messages();
    CHECK(waiting[0].nonce() < waiting[1].nonce());
    CHECK(waiting[1].nonce() < waiting[2].nonce());
}

TEST_CASE("the outbox is bounded; a text may have its limit and not one byte more") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.lose_connection();
    d.say(std::string(protocol::limits::text_bytes_max, 'x'));
    CHECK(d.model.accepted == 1);
    d.say(std::string(protocol::limits::text_bytes_max + 1, 'x'));
    CHECK(d.model.accepted == 1);
    CHECK(d.model.note.text == "This message is about 1 character too long.");
    d.say(std::string(protocol::limits::text_bytes_max, 'x') + "ööö");
    CHECK(d.model.note.text == "This message is about 6 characters too long.");
    for (std::size_t i = 1; i < unsent_max; ++i) d.say("x");
    CHECK(d.model.accepted == unsent_max);
    d.say("one too many");
    CHECK(d.model.accepted == unsent_max);
    CHECK(d.model.note.text.starts_with("Too many messages wait"));
}

TEST_CASE("blank texts are not sent; line breaks and tabs stay, other controls go") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.say(" \n\t ");
    CHECK(d.count<protocol::send>() == 0);
    d.say("\n  a\r\n\tb\x01\x7f\xC2\x85 \n");
    CHECK(d.take<protocol::send>().text == "  a\n\tb");
}

TEST_CASE("signing out on purpose erases what is stored; a session that ends by itself does not") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.lose_connection();
    d.say("secret");
    SECTION("on purpose") {
        d.happen(inputs::sign_out{});
        CHECK(d.stored.size() == 1);
        d.happen(inputs::posted{"sign_out", ""});
        CHECK(d.stored.size() == 1);
        CHECK(d.model.at == stage::signed_in);
        d.happen(inputs::sign_out{});
        d.happen(inputs::posted{"sign_out", R"({"type":"ok"})"});
        CHECK(d.stored.empty());
    }
    SECTION("by itself") {
        d.happen(inputs::posted{"whoami", R"({"type":"ok","guests":true})"});
        CHECK(d.stored.size() == 1);
    }
    if (d.stored.empty()) CHECK(d.model.at == stage::signed_out);
}

TEST_CASE("a date that jumps changes what a row says of its time, and no wait") {
    driven_model d;
    d.enter_lobby(1, 5, 5);
    d.say("first");
    const auto sent = d.take<protocol::send>();
    d.receive(driven_model::refused(sent.id, "rate", 700));
    d.date_ms -= 3'600'000;
    d.say("second");
    CHECK(d.model.unsent.messages()[1].at_ms == d.date_ms);
    d.date_ms += 24 * 3'600'000;
    d.happen(inputs::tick{});
    CHECK(d.count<protocol::send>() == 0);
    d.pass(700);
    CHECK(d.take<protocol::send>().nonce == sent.nonce);
}

}  // namespace parley::state
