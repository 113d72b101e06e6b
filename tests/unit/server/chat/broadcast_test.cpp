// Events to frames.
#include "server/chat/broadcast.hpp"

#include "shared/protocol/codec.hpp"
#include "tests/unit/catch.hpp"

#include <utility>

using namespace parley;

namespace {

chat::committed_event message(const std::string& room, std::uint64_t seq, std::string text) {
    protocol::event event;
    event.seq = seq;
    event.at = 1000;
    event.author = "ann";
    event.nonce = "n";
    event.body = protocol::message{.text = std::move(text)};
    return {.room = room, .epoch = 1, .event = std::move(event)};
}

std::vector<std::shared_ptr<const chat::broadcast>> broadcasts_of(
    std::vector<chat::committed_event> group) {
    chat::encode_counters counted;
    auto runs = chat::make_broadcasts(std::move(group), counted);
    CHECK(counted.broadcasts.value() == runs.size());
    return runs;
}

}  // namespace

TEST_CASE("the events of a room travel in one frame, rooms in their own") {
    const auto runs =
        broadcasts_of({message("a", 1, "x"), message("b", 7, "y"), message("a", 2, "z")});
    REQUIRE(runs.size() == 2);
    CHECK(runs[0]->room == "a");
    CHECK(runs[0]->first == 1);
    CHECK(runs[0]->last == 2);
    CHECK(runs[1]->room == "b");
    CHECK(runs[1]->first == 7);
}

TEST_CASE("a run that would not fit a frame is split, and nothing is lost") {
    std::vector<chat::committed_event> group;
    const std::string longest(protocol::limits::text_bytes_max, '"');
    for (std::uint64_t seq = 1; seq <= 20; ++seq) group.push_back(message("a", seq, longest));
    const auto runs = broadcasts_of(group);
    CHECK(runs.size() > 1);
    std::uint64_t next = 1;
    for (const auto& run : runs) {
        CHECK(run->first == next);
        CHECK(run->json->size() <= protocol::limits::frame_out_bytes_max + 10);
        next = run->last + 1;
    }
    CHECK(next == 21);
}

TEST_CASE("frame headers use the shortest length form") {
    CHECK(*wire::make_frame(wire::opcode::text, "") == std::string("\x81\x00", 2));
    CHECK(wire::make_frame(wire::opcode::binary, std::string(125, 'x'))->substr(0, 2) ==
          std::string("\x82\x7d", 2));
    CHECK(wire::make_frame(wire::opcode::text, std::string(126, 'x'))->substr(0, 4) ==
          std::string("\x81\x7e\x00\x7e", 4));
    CHECK(wire::make_frame(wire::opcode::text, std::string(65536, 'x'))->substr(0, 10) ==
          std::string("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

TEST_CASE("events that are no messages are nothing to a plain client") {
    const auto runs = broadcasts_of(
        {{.room = "a", .epoch = 1, .event = {1, 1000, "ann", {}, {}, protocol::joined{}}}});
    REQUIRE(runs.size() == 1);
    CHECK(runs[0]->plain == nullptr);
}

TEST_CASE(
    "a broadcast is compressed once for each kind of client, and only when somebody reads that") {
    const std::string longer(2000, 'x');
    chat::encode_counters counted;
    wire::deflater compressor(counted.deflated);
    const auto run = chat::make_broadcasts({message("a", 1, longer)}, counted, &compressor).at(0);
    CHECK(counted.deflated.frames.value() == 2);
    CHECK(run->frame_for(chat::frame_kind::json) == run->json);
    CHECK(run->frame_for(chat::frame_kind::plain) == run->plain);
    CHECK(run->frame_for(chat::frame_kind::deflated_json)->size() < 200);
    CHECK(run->frame_for(chat::frame_kind::deflated_plain)->size() < 100);
    wire::inflater back;
    const auto frame = *run->deflated_json;
    REQUIRE(frame.size() < 128);
    CHECK(frame[0] == '\xc1');
    CHECK(*wire::make_frame(wire::opcode::text, back.inflate(frame.substr(2), 1 << 20).message) ==
          *run->json);

    const auto unread = broadcasts_of({message("a", 1, longer)}).at(0);
    CHECK(unread->frame_for(chat::frame_kind::deflated_json) == unread->json);
    CHECK(unread->frame_for(chat::frame_kind::deflated_plain) == unread->plain);
}

TEST_CASE(
    "who reads compressed frames is told a short broadcast as it is, and short lines beside long "
    "ones") {
    chat::encode_counters counted;
    wire::deflater compressor(counted.deflated);
    const auto brief = chat::make_broadcasts({message("a", 1, "hi")}, counted, &compressor).at(0);
    CHECK(counted.deflated.frames.value() == 0);
    CHECK(brief->frame_for(chat::frame_kind::deflated_json) == brief->json);
    CHECK(brief->frame_for(chat::frame_kind::deflated_plain) == brief->plain);
    const auto mixed =
        chat::make_broadcasts({message("a", 2, "hi"), message("a", 3, std::string(2000, 'x'))},
                              counted, &compressor)
            .at(0);
    CHECK(mixed->deflated_plain->starts_with(*brief->plain));
    CHECK((*mixed->deflated_plain)[brief->plain->size()] == '\xc1');
}

TEST_CASE("runs that are joined are what they would have been as one") {
    std::vector<std::shared_ptr<const chat::broadcast>> parts;
    std::vector<chat::committed_event> all;
    // A short frame, and two with longer headers.
    for (const std::size_t size : {1, 200, 70'000 / 6}) {
        for (int times = 0; times < 5; ++times) {
            all.push_back(message("a", all.size() + 1, std::string(size, '"')));
            parts.push_back(broadcasts_of({all.back()}).at(0));
        }
    }
    CHECK(*chat::join(parts)->json == *broadcasts_of(all).at(0)->json);
    CHECK(chat::join(chat::run_list(parts).subspan(0, 1)) == parts[0]);
    CHECK(*chat::join(chat::run_list(parts).subspan(1, 2))->json ==
          *broadcasts_of({all[1], all[2]}).at(0)->json);
}

TEST_CASE("runs that would be too long as one frame are joined as several") {
    std::vector<std::shared_ptr<const chat::broadcast>> parts;
    std::string frames;
    for (std::uint64_t seq = 1; seq <= 20; ++seq) {
        parts.push_back(
            broadcasts_of({message("a", seq, std::string(protocol::limits::text_bytes_max, 'x'))})
                .at(0));
        frames += *parts.back()->json;
    }
    const auto whole = chat::join(parts);
    CHECK(*whole->json == frames);
    CHECK(whole->first == 1);
    CHECK(whole->last == 20);
}

TEST_CASE("runs that have more events than a frame may are joined as several") {
    std::vector<std::shared_ptr<const chat::broadcast>> parts;
    std::vector<chat::committed_event> group;
    for (std::uint64_t seq = 1; seq <= 4100; ++seq) {
        group.push_back(
            {.room = "a", .epoch = 1, .event = {seq, 1, "b", {}, {}, protocol::left{}}});
        if (group.size() == 100) parts.push_back(broadcasts_of(std::exchange(group, {})).at(0));
    }
    std::size_t bytes = 0;
    for (const auto& part : parts) bytes += part->json->size();
    REQUIRE(bytes < protocol::limits::frame_out_bytes_max);
    CHECK(chat::join(parts)->json->size() == bytes);
    parts.pop_back();
    CHECK(chat::join(parts)->json->size() < bytes - 5000);
}
