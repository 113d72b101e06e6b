// Every hint can leave the process and comes back the same.
#include "server/chat/hint_codec.hpp"

#include "tests/unit/catch.hpp"

#include <string>
#include <vector>

using namespace parley;

namespace {

chat::encode_counters counted;

chat::hint run_of(std::vector<std::string> lines) {
    std::vector<chat::committed_event> group;
    for (std::string& line : lines) {
        protocol::event event;
        event.seq = 7 + group.size();
        event.at = 1'795'132'800'000;
        event.author = "ann";
        event.body = protocol::message{.text = std::move(line)};
        event.nonce = "n" + std::to_string(event.seq);
        group.push_back({.room = "lobby", .epoch = 3, .event = std::move(event)});
    }
    return chat::events_committed{chat::make_broadcasts(std::move(group), counted).front()};
}

std::vector<chat::hint> one_of_each() {
    return {
        run_of({"hello", "two\nlines \u00e9"}),
        chat::person_changed{.user = "ann",
                             .seq = 12,
                             .changes = {{protocol::membership{.room = "den", .on = true}},
                                         {protocol::read_mark{.room = "den", .seq = 9, .said = 4}}},
                             .rooms = {{.room = "den",
                                        .title = "Den",
                                        .kind = "public",
                                        .epoch = 2,
                                        .top = 9,
                                        .said = 4,
                                        .shrunk = {},
                                        .read = 9,
                                        .joined = true,
                                        .people = {},
                                        .resync = {}}}},
        chat::session_ended{"c2Vzc2lvbg"},
        chat::name_taken{"~ann"},
        chat::typing_changed{.room = "den", .user = "ann", .active = true},
        chat::presence_summary{
            .room = "den", .node = "k3xV9abQz0Tt", .online = 70, .users = {"ann", "bob"}},
        chat::presence_asked{.room = "den", .node = "k3xV9abQz0Tt"},
    };
}

std::string code_of(const std::string& bytes) {
    const auto read = chat::decode_hint(bytes, counted);
    const auto* const found = std::get_if<protocol::fault>(&read);
    return found ? std::string(protocol::to_word(found->code)) : "read";
}

}  // namespace

TEST_CASE("each kind of hint is decoded to what was encoded") {
    const auto all = one_of_each();
    REQUIRE(all.size() == std::variant_size_v<chat::hint>);
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK(all[i].index() == i);
        const std::string bytes = chat::encode(all[i]);
        auto read = chat::decode_hint(bytes, counted);
        REQUIRE(std::holds_alternative<chat::hint>(read));
        CHECK(std::get<chat::hint>(read).index() == i);
        CHECK(chat::encode(std::get<chat::hint>(read)) == bytes);
        CHECK(chat::about(std::get<chat::hint>(read)).name == chat::about(all[i]).name);
    }
}

TEST_CASE("a run that was decoded has the frames of both kinds of client, byte for byte") {
    const chat::hint sent = run_of({"hello", "two\nlines"});
    const auto read = chat::decode_hint(chat::encode(sent), counted);
    const auto& before = *std::get<chat::events_committed>(sent).run;
    const auto& after = *std::get<chat::events_committed>(std::get<chat::hint>(read)).run;
    CHECK(*after.json == *before.json);
    CHECK(*after.plain == *before.plain);
    CHECK((after.first == 7 && after.last == 8 && after.epoch == 3));
}

TEST_CASE("bytes that are no hint are refused") {
    CHECK(code_of("") == "bad_frame");
    CHECK(code_of(R"({"type":"hello","client":"test"})") == "unsupported");
    CHECK(code_of(R"({"type":"name_taken"})") == "bad_field");
    CHECK(code_of(R"({"type":"events","room":"lobby","epoch":1,"events":[]})") == "bad_field");
    std::string gap = chat::encode(run_of({"a", "b"}));
    gap.replace(gap.find("\"seq\":8"), 7, "\"seq\":9");
    CHECK(code_of(gap) == "bad_field");
}

TEST_CASE("typing and presence may be lost, all other hints may not") {
    std::string lost;
    for (const auto& hint : one_of_each()) lost += chat::may_be_lost(hint) ? 'x' : '-';
    CHECK(lost == "----xxx");
}
