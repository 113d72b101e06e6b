// Frames and bodies -> messages: values arrive where they belong, and faults are worded for people.
// The verdict on every field, limit and kind is the business of the vectors.
#include "shared/protocol/codec.hpp"
#include "tests/unit/catch.hpp"

using namespace parley::protocol;

namespace {

template <class Message>
Message request_in(std::string_view frame) {
    const auto decoded = decode_request(frame);
    if (const auto* problem = std::get_if<fault>(&decoded)) FAIL(problem->message);
    return std::get<Message>(std::get<request>(decoded));
}

fault fault_in(std::string_view frame) { return std::get<fault>(decode_request(frame)); }

}  // namespace

TEST_CASE("every value arrives in its member") {
    const auto said = request_in<send>(
        R"({"type":"send","id":7,"room":"lobby","nonce":"n-1","text":"a\n\u20ac","reply_to":41})");
    CHECK(said.id == 7);
    CHECK(said.room == "lobby");
    CHECK(said.nonce == "n-1");
    CHECK(said.text == "a\n€");
    CHECK(said.reply_to == 41u);

    const auto greeting = request_in<hello>(
        R"({"type":"hello","client":"c","resume":[{"seq":2,"epoch":1,"room":"a"},{"room":"b","epoch":3,"seq":4}]})");
    CHECK_FALSE(greeting.id);
    REQUIRE(greeting.resume.size() == 2);
    CHECK(greeting.resume[0].room == "a");
    CHECK(greeting.resume[0].seq == 2);
    CHECK(greeting.resume[1].epoch == 3);
    CHECK(request_in<typing>(R"({"type":"typing","room":"a","active":true})").active);
}

TEST_CASE("nested objects of a notice arrive too, strangers are passed over") {
    const auto decoded = decode_notice(
        R"({"type":"events","new":{"events":[]},"room":"a","epoch":1,"events":[)"
        R"({"seq":1,"at":5,"author":"ann","kind":"waved","text":"hi","who":[1]},)"
        R"({"seq":2,"at":5,"author":"ann","kind":"message","text":"hi","who":[1]}]})");
    REQUIRE(std::holds_alternative<notice>(decoded));
    const auto& got = std::get<events>(std::get<notice>(decoded));
    REQUIRE(got.events.size() == 2);
    CHECK(std::holds_alternative<unknown_kind>(got.events[0].body));
    CHECK(text_of(got.events[1]) == "hi");
    CHECK_FALSE(got.events[1].nonce);
}

TEST_CASE("an event has one kind, which comes before the fields of the kind") {
    const auto fault_of = [](const std::string& event) {
        const auto decoded =
            decode_notice(R"({"type":"events","room":"a","epoch":1,"events":[{"seq":1,"at":5,)"
                          R"("author":"ann")" +
                          event + "}]}");
        const auto* const found = std::get_if<fault>(&decoded);
        return found ? found->field : std::string();
    };
    CHECK(fault_of(R"(,"kind":"joined")") == "");
    CHECK(fault_of("") == "events[0].kind");
    CHECK(fault_of(R"(,"kind":1)") == "events[0].kind");
    CHECK(fault_of(R"(,"kind":{})") == "events[0].kind");
    CHECK(fault_of(R"(,"kind":[])") == "events[0].kind");
    CHECK(fault_of(R"(,"kind":"joined","kind":"left")") == "events[0].kind");
    CHECK(fault_of(R"(,"kind":"created")") == "events[0].title");
    CHECK(fault_of(R"(,"title":"x","kind":"created")") == "events[0].title");
    CHECK(fault_of(R"(,"kind":"created","title":"")") == "events[0].title");
    CHECK(fault_of(R"(,"kind":"created","title":"x","title":"y")") == "events[0].title");
}

TEST_CASE("the body of an event is kept as the fields of its kind") {
    const event_body said = message{.text = "a\n\"b\"", .reply_to = 3, .rev = {}, .marks = {}};
    const std::string kept = encode_body(said);
    CHECK(kept == R"({"text":"a\n\"b\"","reply_to":3})");
    const auto read = decode_body("message", kept);
    REQUIRE(read);
    CHECK(encode_body(*read) == kept);
    CHECK(encode_body(joined{}) == "{}");
    CHECK(decode_body("left", "{}"));
    CHECK(decode_body("message", R"({"text":"a","later":[{"x":1}]})"));
    CHECK_FALSE(decode_body("waved", "{}"));
    CHECK_FALSE(decode_body("message", R"({"text":1})"));
    CHECK_FALSE(decode_body("message", "not JSON"));
}

TEST_CASE("a body needs neither type nor id") {
    const auto decoded = decode_request_body("history", R"({"room":"lobby","limit":50})");
    REQUIRE(std::holds_alternative<request>(decoded));
    CHECK(std::get<history>(std::get<request>(decoded)).limit == 50);
    CHECK(std::holds_alternative<account_request>(decode_account_request_body("whoami", "")));
}

TEST_CASE("a fault is worded for people") {
    CHECK(fault_in("{").message == "not JSON: see byte 2");
    CHECK(fault_in("[]").message == "not a JSON object");
    CHECK(fault_in("{}").message == "an object without a type");
    CHECK(fault_in(std::string(65'537, ' ')).message == "longer than 65536 bytes");
    CHECK(fault_in(R"({"type":"dance"})").message == "type: there is no such request");
    CHECK(fault_in(R"({"type":"ping"})").message == "id: is missing");
    CHECK(fault_in(R"({"type":"ping","id":1,"id":1})").message == "id: appears twice");
    CHECK(fault_in(R"({"type":"ping","id":1,"x":1})").message == "x: there is no such field");
    CHECK(fault_in(R"({"type":"hello","client":"c","resume":[1]})").message ==
          "resume[0]: must be an object");
    CHECK(fault_in(R"({"type":"hello","client":"c","resume":{}})").message ==
          "resume: must be a list");
    CHECK(fault_in(R"({"type":"typing","room":"a","active":1})").message ==
          "active: must be true or false");
}

TEST_CASE("the id is read after the fault, and when `type` never came") {
    CHECK(fault_in(R"({"type":"read","room":[{"id":9}],"seq":1,"id":7})").id == 7u);
    CHECK(fault_in(R"({"id":7,"room":"lobby")").id == 7u);
    CHECK(fault_in(R"({"id":7,"type":"dance"})").id == 7u);
    CHECK_FALSE(fault_in(R"({"type":"read","room":{"id":9},"seq":1})").id);
    CHECK_FALSE(fault_in(R"({"type":"ping","id":4294967296})").id);
}

TEST_CASE("of a list that is too long the list is named, whatever the element") {
    std::string places;
    for (std::size_t i = 0; i < limits::subscriptions_max; ++i)
        places += R"({"room":"a","epoch":1,"seq":1},)";
    for (const char* one_more : {R"({"room":"a","epoch":1,"seq":1})", "{}", "[]", "null", "1"}) {
        const fault problem = fault_in(R"({"type":"hello","id":7,"client":"c","resume":[)" +
                                       places + one_more + "]}");
        CHECK(problem.field == "resume");
        CHECK(problem.message == "resume: must be at most 64 elements");
        CHECK(problem.id == 7u);
    }
}
