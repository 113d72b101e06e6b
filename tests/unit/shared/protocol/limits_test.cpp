// Limits that no static_assert can see: that the largest valid messages fit the frames that carry
// them.
#include "shared/protocol/limits.hpp"

#include "shared/protocol/codec.hpp"
#include "tests/unit/catch.hpp"

using namespace parley::protocol;

namespace {

// Of the letters that a line or prose may hold, these two take the most bytes when written: one
// becomes two.
std::string widest(std::size_t bytes) { return std::string(bytes, '"'); }

room_summary largest_room() {
    room_summary room;
    room.room = std::string(limits::room_name_bytes_max, 'r');
    room.title = widest(limits::title_bytes_max);
    room.kind = room_kind::open;
    room.epoch = room.top = room.read = room.said = room.unread = limits::integer_max;
    room.resync = false;
    return room;
}

room_summary largest_direct_room() {
    room_summary room = largest_room();
    room.kind = room_kind::direct;
    room.title = std::string(limits::title_bytes_max, 't');
    room.people.assign(limits::direct_people_max,
                       std::string(limits::user_name_bytes_max + 1, 'p'));
    return room;
}

}  // namespace

TEST_CASE("the largest request fits a frame") {
    send message;
    message.id = limits::request_id_max;
    message.room = std::string(limits::room_name_bytes_max, 'r');
    message.nonce = std::string(limits::nonce_bytes_max, 'n');
    message.text = widest(limits::text_bytes_max);
    message.reply_to = limits::integer_max;
    REQUIRE_FALSE(validate(message));
    CHECK(encode(message).size() <= limits::frame_in_bytes_max);
    CHECK(std::holds_alternative<request>(decode_request(encode(message))));

    const position place{message.room, limits::integer_max, limits::integer_max};
    const hello greeting{limits::request_id_max,
                         widest(limits::client_name_bytes_max),
                         limits::integer_max,
                         {limits::subscriptions_max, place}};
    REQUIRE_FALSE(validate(greeting));
    CHECK(encode(greeting).size() <= limits::frame_in_bytes_max);
}

TEST_CASE("the largest welcome and the largest event fit a frame") {
    welcome greeting;
    greeting.id = limits::request_id_max;
    greeting.me = std::string(limits::user_name_bytes_max, 'm');
    greeting.server = widest(limits::client_name_bytes_max);
    greeting.rooms.assign(limits::rooms_page_max + limits::subscriptions_max, largest_room());
    REQUIRE_FALSE(validate(greeting));
    CHECK(encode(greeting).size() <= limits::frame_out_bytes_max);
    greeting.rooms.assign(limits::rooms_page_max + limits::subscriptions_max,
                          largest_direct_room());
    REQUIRE_FALSE(validate(greeting));
    CHECK(encode(greeting).size() <= limits::frame_out_bytes_max);

    const event event{.seq = limits::integer_max,
                      .at = limits::integer_max,
                      .author = greeting.me,
                      .said = limits::integer_max,
                      .nonce = std::string(limits::nonce_bytes_max, 'n'),
                      .body = message{.text = widest(limits::text_bytes_max),
                                      .reply_to = limits::integer_max,
                                      .rev = limits::integer_max,
                                      .marks = limits::integer_max}};
    const events page{.room = std::string(limits::room_name_bytes_max, 'r'),
                      .epoch = limits::integer_max,
                      .events = {event}};
    REQUIRE_FALSE(validate(page));
    CHECK(encode(page).size() <= limits::frame_out_bytes_max);
}

TEST_CASE("the largest answers of rooms and sessions fit a frame") {
    ok answer;
    answer.id = limits::request_id_max;
    answer.rooms.emplace(limits::rooms_page_max, largest_room());
    answer.more = false;
    REQUIRE_FALSE(validate(answer));
    CHECK(encode(answer).size() <= limits::frame_out_bytes_max);

    answer.rooms.reset();
    const session_summary session{std::string(limits::token_bytes_max, 's'), limits::integer_max,
                                  limits::integer_max, false,
                                  widest(limits::client_name_bytes_max)};
    answer.sessions.emplace(limits::sessions_max, session);
    REQUIRE_FALSE(validate(answer));
    CHECK(encode(answer).size() <= limits::frame_out_bytes_max);
}

TEST_CASE("a new server announces the limits that it is built with") {
    const server_limits announced;
    CHECK(announced.frame_in_bytes == limits::frame_in_bytes_max);
    CHECK(announced.frame_out_bytes == limits::frame_out_bytes_max);
    CHECK(announced.text_bytes == limits::text_bytes_max);
    CHECK(announced.title_bytes == limits::title_bytes_max);
    CHECK(announced.history_page == limits::history_page_max);
    CHECK(announced.subscriptions == limits::subscriptions_max);
    CHECK(announced.requests_in_flight == limits::requests_in_flight_max);
    CHECK(announced.send_burst == limits::send_burst);
    CHECK(announced.send_per_second == limits::send_per_second);
}
