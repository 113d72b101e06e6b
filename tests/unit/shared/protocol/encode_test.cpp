// Canonical bytes: `type` first, fields in the order of declaration, nothing that JSON does not
// force.
#include "shared/protocol/codec.hpp"
#include "tests/unit/catch.hpp"

using namespace parley::protocol;

TEST_CASE("fields that are absent are not written, lists that are required always are") {
    CHECK(encode(hello{{}, "tests/1", {}, {}}) == R"({"type":"hello","client":"tests/1"})");
    CHECK(encode(subscribe{0, "lobby", 1, {}}) ==
          R"({"type":"subscribe","id":0,"room":"lobby","epoch":1})");
    CHECK(encode(events{"lobby", 1, {}}) ==
          R"({"type":"events","room":"lobby","epoch":1,"events":[]})");
    CHECK(encode(presence{"lobby", 0, {}}) ==
          R"({"type":"presence","room":"lobby","online":0,"users":[]})");
    CHECK(encode(ok{}) == R"({"type":"ok"})");
}

TEST_CASE("the list of an answer is written when it is set, even when it is empty") {
    ok answer;
    answer.events.emplace();
    CHECK(encode(answer) == R"({"type":"ok","events":[]})");
    const auto back = decode_notice(encode(answer));
    REQUIRE(std::holds_alternative<notice>(back));
    const auto& read = std::get<ok>(std::get<notice>(back));
    CHECK((read.events && read.events->empty() && !read.rooms));
}

TEST_CASE("lists, objects, flags and the largest number are written") {
    CHECK(encode(presence{"lobby", 3, {"ann", "bob"}}) ==
          R"({"type":"presence","room":"lobby","online":3,"users":["ann","bob"]})");
    CHECK(
        encode(hello{7, "c", {}, {{"a", 1, 2}, {"b", 3, 4}}}) ==
        R"({"type":"hello","id":7,"client":"c","resume":[{"room":"a","epoch":1,"seq":2},{"room":"b","epoch":3,"seq":4}]})");
    CHECK(encode(typing{"lobby", false}) == R"({"type":"typing","room":"lobby","active":false})");
    CHECK(encode(parley::protocol::mark{7, "lobby", limits::integer_max}) ==
          R"({"type":"mark","id":7,"room":"lobby","seq":9007199254740991})");
}

TEST_CASE("only what JSON forces is escaped") {
    CHECK(encode(send{7, "a", "n", "\"\\/\n\t é€😀\u2028<>&", {}}) ==
          "{\"type\":\"send\",\"id\":7,\"room\":\"a\",\"nonce\":\"n\",\"text\":\"\\\"\\\\/\\n\\t "
          "é€😀\u2028<>&\"}");
    CHECK(
        encode(sign_in{{}, "ann", "\x01\r\x1f\x7f 8 by"}) ==
        "{\"type\":\"sign_in\",\"user\":\"ann\",\"password\":\"\\u0001\\u000d\\u001f\x7f 8 by\"}");
}

TEST_CASE("an event of an unknown kind is passed on without what it said") {
    const notice later =
        events{"a", 1, {{.seq = 1, .at = 5, .author = "ann", .said = {}, .nonce = {}, .body = {}}}};
    CHECK(encode(later) == R"({"type":"events","room":"a","epoch":1,"events":[)"
                           R"({"seq":1,"at":5,"author":"ann","kind":"unknown"}]})");
    const auto back = decode_notice(encode(later));
    REQUIRE(std::holds_alternative<notice>(back));
    CHECK(encode(std::get<notice>(back)) == encode(later));
}

TEST_CASE("a set encodes the message that it holds") {
    CHECK(encode(request(ping{7})) == encode(ping{7}));
    CHECK(encode(notice(bye{4000, "restart", 250})) ==
          R"({"type":"bye","code":4000,"reason":"restart","retry_ms":250})");
}
