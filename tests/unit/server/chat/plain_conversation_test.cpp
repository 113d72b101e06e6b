// Plain-text clients, as the seeds knew them.
#include "server/chat/plain_conversation.hpp"

#include "tests/unit/catch.hpp"
#include "tests/unit/server/chat/twins.hpp"

using namespace parley;
using tests::quiet_shard;
using tests::recording_peer;
using lines = std::vector<std::string>;

namespace {

// Comes in the way a connection does: the entry is found first.
std::shared_ptr<chat::participant> enter(quiet_shard& shard, const std::string& user,
                                         const std::string& room, recording_peer& peer) {
    const chat::identity who{user, "", true};
    std::optional<std::uint64_t> entry;
    chat::find_plain_entry(
        shard.ledger, who, room, [] { return 0; },
        [&](auto found) { entry = std::get<std::uint64_t>(found); });
    shard.settle();
    REQUIRE(entry.has_value());
    return shard.hub.open_plain(who, room, *entry, peer);
}

}  // namespace

TEST_CASE("an unnamed line is told as it is, a named one with its name, to everyone in the room") {
    quiet_shard shard;
    recording_peer first, second, elsewhere;
    auto a = enter(shard, chat::unnamed_guest, "lobby", first);
    auto b = enter(shard, "ann", "lobby", second);
    auto c = enter(shard, "eve", "other", elsewhere);
    shard.settle();
    a->receive("  hello\nthere \r\n", 0);
    b->receive("hi", 0);
    b->receive(" \n ", 0);
    shard.settle();
    CHECK(first.received == lines{"hello there", "ann: hi"});
    CHECK(second.received == first.received);
    CHECK(elsewhere.received.empty());
    CHECK(shard.ledger.log("lobby").back().author == "ann");
}

TEST_CASE("nothing said before a plain client came is told, everything after it came is") {
    quiet_shard shard;
    shard.ledger.say("lobby", "bob", "old");
    shard.settle();
    recording_peer peer;
    auto ann = enter(shard, "ann", "lobby", peer);
    shard.ledger.say("lobby", "bob", "new");
    shard.settle();
    shard.ledger.say("lobby", "bob", "newer");
    shard.settle();
    CHECK(peer.received == lines{"bob: new", "bob: newer"});
}

TEST_CASE("what is said between finding the entry and coming in is told, once") {
    quiet_shard shard;
    recording_peer peer;
    const auto top = shard.ledger.log("lobby").size();
    shard.ledger.say("lobby", "bob", "between");
    shard.settle();
    auto ann = shard.hub.open_plain({"ann", "", true}, "lobby", top, peer);
    shard.ledger.say("lobby", "bob", "after");
    shard.settle();
    CHECK(peer.received == lines{"bob: between", "bob: after"});
}

TEST_CASE("a room is opened by the first plain client that names it") {
    quiet_shard shard;
    recording_peer peer, late;
    auto ann = enter(shard, "ann", "den", peer);
    ann->receive("first", 0);
    shard.settle();
    auto bob = enter(shard, "bob", "den", late);
    shard.settle();
    bob->receive("second", 0);
    shard.settle();
    CHECK(peer.received == lines{"ann: first", "bob: second"});
    CHECK(late.received == lines{"bob: second"});
}

TEST_CASE("a plain client that read too slowly gets what it missed from the log") {
    quiet_shard shard;
    recording_peer slow;
    auto ann = enter(shard, "ann", "lobby", slow);
    shard.settle();
    slow.queued = shard.hub.settings().outbox_bytes_max + 1;
    for (int i = 0; i < 450; ++i) shard.ledger.say("lobby", "bob", std::to_string(i));
    shard.settle();
    CHECK(slow.received.empty());
    slow.queued = 0;
    ann->drained();
    shard.settle();
    REQUIRE(slow.received.size() == 450);
    CHECK(slow.received.front() == "bob: 0");
    CHECK(slow.received.back() == "bob: 449");
}

TEST_CASE("a plain client that falls behind for what others leave unread misses nothing") {
    quiet_shard shard;
    recording_peer slow;
    auto ann = enter(shard, "ann", "lobby", slow);
    shard.settle();
    shard.ledger.say("lobby", "bob", "queued");
    shard.settle();
    CHECK_FALSE(ann->fall_behind());  // its queue must stay: it cannot ask for what it lacks
    slow.full = true;
    shard.ledger.say("lobby", "bob", "later");
    shard.settle();
    CHECK(slow.received == lines{"bob: queued"});
    slow.full = false;
    ann->drained();
    shard.settle();
    CHECK(slow.received == lines{"bob: queued", "bob: later"});
}

TEST_CASE("a plain line at the limit is said, one byte more is refused with a word") {
    quiet_shard shard;
    recording_peer peer;
    auto ann = enter(shard, "ann", "lobby", peer);
    shard.settle();
    ann->receive(std::string(protocol::limits::text_bytes_max, 'x'), 0);
    shard.settle();
    REQUIRE(peer.received.size() == 1);
    ann->receive(std::string(protocol::limits::text_bytes_max + 1, 'x'), 0);
    shard.settle();
    REQUIRE(peer.received.size() == 2);
    CHECK(peer.received[1].rfind("parley: ", 0) == 0);
}

TEST_CASE("a binary frame ends a plain connection with 1003") {
    quiet_shard shard;
    recording_peer peer;
    auto ann = enter(shard, "ann", "lobby", peer);
    ann->receive_binary();
    CHECK(peer.closed_with == 1003);
}

TEST_CASE("a room is opened for plain text only as fast as its address may") {
    quiet_shard shard;
    const chat::identity who{"ann", "", true};
    std::optional<std::variant<std::uint64_t, chat::refusal>> found;
    int asked = 0;
    const auto come = [&](const std::string& room, std::uint64_t wait_ms) {
        found.reset();
        chat::find_plain_entry(
            shard.ledger, who, room, [&, wait_ms] { return ++asked, wait_ms; },
            [&](auto told) { found = told; });
        shard.settle();
        REQUIRE(found.has_value());
        return std::holds_alternative<std::uint64_t>(*found);
    };
    CHECK_FALSE(come("new", 700));
    CHECK(std::get<chat::refusal>(*found).code == protocol::error_code::rate);
    CHECK(std::get<chat::refusal>(*found).retry_ms == 700);
    CHECK(come("new", 0));
    CHECK(asked == 2);
    CHECK(come("new", 700));  // it is there
    CHECK(asked == 2);
}

TEST_CASE("a plain guest does not find out whether two people have a direct room") {
    quiet_shard shard;
    const auto come = [&](const std::string& user) {
        std::optional<std::variant<std::uint64_t, chat::refusal>> found;
        chat::find_plain_entry(
            shard.ledger, {user, "", true}, "dm-ann-bob", [] { return 0; },
            [&](auto entry) { found = entry; });
        shard.settle();
        return std::get<chat::refusal>(found.value()).code;
    };
    CHECK(come("ann") == protocol::error_code::forbidden);
    shard.ledger.happen(test::open_direct("ann", {"bob"}));
    for (const char* user : {"ann", "~ann", chat::unnamed_guest})
        CHECK(come(user) == protocol::error_code::forbidden);
}

TEST_CASE("who goes on talking too fast is closed") {
    quiet_shard shard({.send_burst = 1, .send_per_second = 1, .node = "t"});
    recording_peer peer;
    const auto fast = enter(shard, "ann", "lobby", peer);
    for (int i = 0; i <= 100; ++i) fast->receive("x", shard.now);
    CHECK(peer.closed_with == 0);
    fast->receive("x", shard.now);
    CHECK(peer.closed_with == 4100);
}
