// Who is in a room, put together from the summaries of several nodes.
#include "server/chat/presence_board.hpp"

#include "shared/protocol/codec.hpp"
#include "tests/unit/server/chat/client.hpp"

#include <string>
#include <vector>

using namespace parley;
using tests::client;
using tests::quiet_shard;

namespace {

chat::presence_summary said_by(const std::string& node, std::vector<std::string> users) {
    return {.room = "lobby", .node = node, .online = users.size(), .users = std::move(users)};
}

protocol::presence picture_of(const chat::presence_board& board) {
    const auto read = protocol::decode_notice(wire::payload_of(*board.frame()));
    return std::get<protocol::presence>(std::get<protocol::notice>(read));
}

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("the picture joins the nodes, and who is on two of them counts once") {
    chat::presence_board board;
    CHECK(board.hear(said_by("a", {"ann", "bob"}), 1));
    CHECK(board.hear(said_by("b", {"bob", "eve"}), 1));
    CHECK(picture_of(board).online == 3);
    CHECK(picture_of(board).users == names{"ann", "bob", "eve"});
    CHECK_FALSE(board.hear(said_by("b", {"bob", "eve"}), 2));
    CHECK(board.hear(said_by("b", {}), 3));
    CHECK(picture_of(board).users == names{"ann", "bob"});
}

TEST_CASE("a node that has not repeated itself for its lifetime is forgotten, the others stay") {
    chat::presence_board board;
    board.hear(said_by("a", {"ann"}), 1);
    board.hear(said_by("b", {"bob"}), 1);
    board.hear(said_by("b", {"bob"}), 1 + chat::presence_repeat_ticks);
    CHECK_FALSE(board.forget_silent(chat::presence_lifetime_ticks));
    CHECK(board.forget_silent(1 + chat::presence_lifetime_ticks));
    CHECK(picture_of(board).users == names{"bob"});
}

TEST_CASE(
    "a node repeats what it said before the others forget it, even if one repetition is lost") {
    quiet_shard here({.node = "here"});
    client ann(here, "ann");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    here.hub.tick(here.now);
    here.settle();
    std::uint64_t last = 0;
    for (std::uint64_t tick = 1; tick <= 3 * chat::presence_lifetime_ticks; ++tick) {
        here.hub.tick(here.now);
        for (const auto& hint : here.bus.hints)
            if (const auto* said = std::get_if<chat::presence_summary>(hint.get())) {
                CHECK(said->users == names{"ann"});
                CHECK(2 * (tick - last) < chat::presence_lifetime_ticks);
                last = tick;
            }
        here.settle();
    }
    CHECK(last > 2 * chat::presence_lifetime_ticks);
}

TEST_CASE("people of a node that fell silent go from the picture of those who are in the room") {
    quiet_shard here({.node = "here"});
    client ann(here, "ann");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    here.hub.tick(here.now);
    here.settle();
    here.hub.receive(said_by("there", {"bob"}));
    CHECK(ann.all<protocol::presence>().back().users == names{"ann", "bob"});
    for (std::uint64_t tick = 0; tick <= chat::presence_lifetime_ticks; ++tick) {
        here.hub.tick(here.now);
        here.settle();
    }
    CHECK(ann.all<protocol::presence>().back().users == names{"ann"});
}

TEST_CASE("a node that opens a room asks the others once, and they answer") {
    quiet_shard here({.node = "here"});
    client ann(here, "ann");
    ann.ask(R"({"type":"subscribe","id":1,"room":"lobby"})");
    std::size_t asked = 0;
    const auto tick = [&] {
        here.hub.tick(here.now);
        std::size_t summaries = 0;
        for (const auto& hint : here.bus.hints) {
            asked += std::holds_alternative<chat::presence_asked>(*hint) ? 1 : 0;
            summaries += std::holds_alternative<chat::presence_summary>(*hint) ? 1 : 0;
        }
        here.settle();
        return summaries;
    };
    CHECK(tick() == 1);
    CHECK(tick() == 0);
    CHECK(asked == 1);
    here.hub.receive(chat::presence_asked{.room = "lobby", .node = "there"});
    here.hub.receive(chat::presence_asked{.room = "lobby", .node = "here"});
    CHECK(tick() == 1);
}
