// Grouping, days, the "New" line, and the bounds of the window.
#include "tests/unit/wasm-client/view/drawn_page.hpp"

namespace parley::view {
namespace {

constexpr std::uint64_t minute = 60'000, hour = 60 * minute, day = 24 * hour;

protocol::event said(std::uint64_t seq, std::string author, std::uint64_t at) {
    auto event = state::message_event(seq, std::move(author), "text");
    event.at = at;
    return event;
}

protocol::event noted(std::uint64_t seq, protocol::event_body body, std::uint64_t at) {
    auto event = said(seq, "bob", at);
    event.said.reset();
    event.body = std::move(body);
    return event;
}

// The rows of a room with these events, each as "day", "new", "note", "first" or "next".
std::string drawn(const std::vector<protocol::event>& events, const clock& clock,
                  std::uint64_t new_after = 0) {
    state::model model;
    state::room room;
    for (const auto& event : events) room.log.apply(event);
    if (new_after != 0) room.new_after = new_after;
    window window;
    fit(window, model, room, clock);
    std::string out;
    for (const row& row : rows_in(window, model, room, clock)) {
        if (row.kind == row_kind::day)
            out += "day ";
        else if (row.kind == row_kind::new_line)
            out += "new ";
        else if (row.kind == row_kind::note)
            out += "note ";
        else
            out += row.starts_group ? "first " : "next ";
    }
    return out;
}

const clock utc{.now_ms = 0, .date_ms = 10 * day, .offset_ms = no_offset};

}  // namespace

TEST_CASE("messages of one author within five minutes form a group") {
    const std::uint64_t t = 9 * day;
    CHECK(drawn({said(1, "bob", t), said(2, "bob", t + 5 * minute - 1)}, utc) == "day first next ");
    CHECK(drawn({said(1, "bob", t), said(2, "bob", t + 5 * minute)}, utc) == "day first first ");
    CHECK(drawn({said(1, "bob", t + 5 * minute - 1), said(2, "bob", t)}, utc) == "day first next ");
    CHECK(drawn({said(1, "bob", t + 5 * minute), said(2, "bob", t)}, utc) == "day first first ");
    CHECK(drawn({said(1, "bob", t), said(2, "ann", t), said(3, "bob", t)}, utc) ==
          "day first first first ");
    CHECK(drawn({said(1, "bob", t), noted(2, protocol::joined{}, t), said(3, "bob", t)}, utc) ==
          "day first note first ");
    CHECK(drawn({said(1, "bob", t), noted(2, protocol::unknown_kind{}, t), said(3, "bob", t)},
                utc) == "day first next ");
}

TEST_CASE("after the server's clock was wrong for a moment, the right day has its divider again") {
    CHECK(drawn({said(1, "bob", 9 * day), said(2, "bob", 999 * day), said(3, "bob", 9 * day)},
                utc) == "day first day first day first ");
}

TEST_CASE("a day begins with a divider, by the local clock of its moment") {
    const std::vector<protocol::event> around_midnight{said(1, "bob", 9 * day - minute),
                                                       said(2, "bob", 9 * day + minute)};
    CHECK(drawn(around_midnight, utc) == "day first day first ");
    const clock two_hours_east{.now_ms = 0, .date_ms = 10 * day, .offset_ms = [](std::uint64_t) {
                                   return static_cast<std::int64_t>(2 * hour);
                               }};
    CHECK(drawn(around_midnight, two_hours_east) == "day first next ");
    CHECK(utc.day_of(0) == 0);
    const clock west{.now_ms = 0, .date_ms = 0, .offset_ms = [](std::uint64_t) {
                         return -static_cast<std::int64_t>(hour);
                     }};
    CHECK(west.day_of(0) == -1);
}

TEST_CASE("today and yesterday are called so, and stop being so at midnight") {
    const auto event = said(1, "bob", 9 * day + hour);
    const state::model model;
    const row divider{.kind = row_kind::day, .event = &event};
    CHECK(divider.look(model, {0, 9 * day + 2 * hour, no_offset}) == "today");
    CHECK(divider.look(model, {0, 10 * day, no_offset}) == "yesterday");
    CHECK(divider.look(model, {0, 11 * day, no_offset}) == "");
}

TEST_CASE("the New line stands before the first unread event and starts a group") {
    const std::uint64_t t = 9 * day;
    CHECK(drawn({said(1, "bob", t), said(2, "bob", t), said(3, "bob", t)}, utc, 2) ==
          "day first next new first ");
    CHECK(drawn({said(1, "bob", t), said(2, "bob", t)}, utc, 2) == "day first next ");
}

TEST_CASE("unsent messages stand at the end and continue one's own group") {
    state::driven_model d;
    d.enter_lobby(1, 1, 1);
    d.lobby().log.apply(said(2, "ann", d.date_ms - minute));
    d.lose_connection();
    d.say("a");
    d.say("b");
    drawn_page page;
    page.draw(d);
    REQUIRE(page.rows.size() >= 3);
    CHECK(page.rows.back().at("state") == "sending");
    CHECK(page.rows.back().at("first") == false);
    CHECK(page.rows[page.rows.size() - 2].at("first") == false);
    CHECK(page.rows[page.rows.size() - 3].at("seq") == 2);
}

TEST_CASE("the window is bounded, whatever is in the log") {
    state::model model;
    state::room room;
    const auto span =
        GENERATE(std::uint64_t{1}, 2 * day);  // a divider for each message is the worst case
    for (std::uint64_t seq = 1; seq <= 3'000; ++seq) room.log.apply(said(seq, "bob", seq * span));
    window window;
    fit(window, model, room, utc);
    auto rows = rows_in(window, model, room, utc);
    CHECK(window.reaches_end);
    CHECK(rows.size() >= rows_at_end);
    CHECK(rows.size() <= rows_max + 2);

    window.pinned = false;
    for (int i = 0; i < 200 && window.first > 1; ++i) {
        const std::uint64_t before = window.first;
        window.at_top = true;
        fit(window, model, room, utc);
        rows = rows_in(window, model, room, utc);
        CHECK(window.first < before);
        CHECK(before <= rows.back().event->seq);  // what was on the page partly stays
        CHECK(rows.size() <= rows_max + 2);
    }
    CHECK(window.first == 1);
    for (int i = 0; i < 200 && !window.reaches_end; ++i) {
        window.at_bottom = true;
        fit(window, model, room, utc);
        CHECK(rows_in(window, model, room, utc).size() <= rows_max + 2);
    }
    CHECK(window.reaches_end);
}

TEST_CASE("messages whose events are still on the way do not overfill the page") {
    state::model model;
    model.open = "lobby";
    state::room& room = model.rooms["lobby"];
    for (std::uint64_t seq = 1; seq <= rows_max - 1; ++seq)
        room.log.apply(said(seq, "bob", 9 * day));
    for (std::uint64_t i = 0; i < 2 * state::unsent_max; ++i) {
        const std::string nonce = state::make_nonce(9 * day + i, i);
        model.unsent.add(
            {.request =
                 protocol::send{
                     .id = 0, .room = "lobby", .nonce = nonce, .text = "text", .reply_to = {}},
             .at_ms = 9 * day + i});
        if (i < state::unsent_max) model.unsent.find(nonce)->state = state::delivery::committed;
    }
    window window{
        .first = 1, .pinned = true, .at_top = false, .at_bottom = false, .reaches_end = true};
    const auto rows = rows_in(window, model, room, utc);
    CHECK(rows.size() == page_rows_max);
    CHECK(rows.back().message == &model.unsent.messages().back());
}

TEST_CASE("a pinned window lets go in chunks, not with every message") {
    state::model model;
    state::room room;
    window window;
    int moves = 0;
    for (std::uint64_t seq = 1; seq <= 1'000; ++seq) {
        room.log.apply(said(seq, "bob", seq));
        const std::uint64_t before = window.first;
        fit(window, model, room, utc);
        const auto rows = rows_in(window, model, room, utc);
        CHECK(rows.back().event->seq == seq);
        CHECK(rows.size() <= rows_max + 2);
        moves += window.first != before ? 1 : 0;
    }
    CHECK(moves < 30);
}

}  // namespace parley::view
