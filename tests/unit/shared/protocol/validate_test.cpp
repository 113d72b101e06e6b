// A message in memory must obey the same rules as a frame, and its faults have the same words.
#include "shared/protocol/validate.hpp"

#include "shared/protocol/text.hpp"
#include "tests/unit/catch.hpp"

using namespace parley::protocol;

namespace {

hello greeting_with(std::size_t places) {
    hello message;
    message.id = 7;
    message.client = "tests/1";
    message.resume.assign(places, position{.room = "lobby", .epoch = 1, .seq = 42});
    return message;
}

// What decoding says about the message's own bytes, without the id.
std::optional<fault> decoded_fault(const request& message) {
    const auto decoded = decode_request(encode(message));
    if (const auto* problem = std::get_if<fault>(&decoded))
        return fault{.code = problem->code, .field = problem->field, .message = problem->message};
    return std::nullopt;
}

}  // namespace

TEST_CASE("a valid message has no fault") {
    CHECK_FALSE(validate(greeting_with(limits::subscriptions_max)));
    CHECK_FALSE(validate(leave{.id = 7, .room = "lobby", .nonce = {}}));
}

TEST_CASE("the fault of a message in memory is the fault of its frame") {
    hello message = greeting_with(3);
    message.resume[1].seq = limits::integer_max + 1;
    message.resume[2].room = "";
    REQUIRE(validate(message));
    CHECK(validate(message)->field == "resume[1].seq");
    CHECK(validate(message) == decoded_fault(message));

    CHECK(validate(greeting_with(65)));
    CHECK(validate(greeting_with(65)) == decoded_fault(greeting_with(65)));

    const send said{7, "Lobby", "n", "", {}};
    REQUIRE(validate(said));
    CHECK(validate(said)->field == "room");
    CHECK(validate(said) == decoded_fault(said));
}

TEST_CASE("what cannot be encoded is found before it is") {
    CHECK(validate(send{7, "lobby", "n", "\xC3", {}})->field == "text");
    CHECK(validate(send{7, "lobby", "n", std::string(1, '\0'), {}})->field == "text");
    ok answer;
    answer.id = limits::request_id_max + 1;
    CHECK(validate(answer)->field == "id");
}

TEST_CASE("a fault says which rule was broken") {
    CHECK(validate(leave{.id = 7, .room = "Lobby", .nonce = {}})->message ==
          "room: must be 1 to 64 bytes, of a-z 0-9 . _ -; only direct rooms begin with dm- or dm.");
    CHECK(validate(history{7, "lobby", {}, {}, {}, 201})->message ==
          "limit: must be 1 to 200, most events in one answer");
    CHECK(validate(greeting_with(65))->message == "resume: must be at most 64 elements");
}

TEST_CASE("what a peer wrote is repeated as one short line") {
    const fault problem =
        bad_field("a\nb\u0085" + std::string(200, 'x') + "\u20ac", "there is no such field");
    CHECK(problem.field == "a b " + std::string(124, 'x'));
    CHECK(problem.message == problem.field + ": there is no such field");
    const fault wide = bad_field(std::string(127, 'x') + "\u20ac", "appears twice");
    CHECK(wide.field == std::string(127, 'x'));
    CHECK_FALSE(validate(to_error(problem)));
}

TEST_CASE("a fault becomes an error that repeats the id") {
    const error answer = to_error(fault{
        .code = error_code::bad_field, .field = "text", .message = "text: is missing", .id = 7});
    CHECK(
        encode(answer) ==
        R"({"type":"error","id":7,"code":"bad_field","message":"text: is missing","field":"text"})");
    CHECK(encode(to_error(fault{error_code::bad_frame, "", "not JSON", {}})) ==
          R"({"type":"error","code":"bad_frame","message":"not JSON"})");
}
