// What the hub does by itself as time passes.
#include "server/chat/hub.hpp"

#include "server/chat/conversation.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/server/chat/twins.hpp"

#include <algorithm>
#include <set>

using namespace parley;
using namespace parley::tests;

namespace {

// Knows which sessions live, and answers at once.
struct session_ledger : chat::ledger {
    std::set<std::string> live;
    std::set<std::string> signed_in;  // guests
    bool answers = true;
    std::vector<std::string> asked_about;

    void submit(chat::command, std::function<void(chat::outcome)> done) override {
        done(chat::receipt{});
    }
    void look_up(chat::query what, std::function<void(chat::any_answer)> done) override {
        if (const auto* const name = std::get_if<chat::find_person>(&what)) {
            if (!answers) return done(chat::refusal{protocol::error_code::busy, "", "", 0});
            return done(chat::found_person{false, signed_in.contains(name->user), ""});
        }
        chat::ended_sessions out;
        for (const std::string& session : std::get<chat::check_sessions>(what).sessions) {
            asked_about.push_back(session);
            if (!live.contains(session)) out.sessions.push_back(session);
        }
        done(std::move(out));
    }
};

struct tended_hub {
    listed_bus bus;
    session_ledger ledger;
    chat::hub hub{ledger, bus, {}, 0};
    std::vector<recording_peer> peers{25};
    std::vector<std::shared_ptr<chat::participant>> open;

    tended_hub() {
        for (std::size_t i = 0; i < peers.size(); ++i) {
            ledger.live.insert("s" + std::to_string(i));
            open.push_back(
                hub.open_conversation({"ann", "s" + std::to_string(i), false}, peers[i]));
        }
    }
    void pass_10_s() {
        for (int second = 0; second < 10; ++second) hub.tick(1'000'000);
    }
};

}  // namespace

TEST_CASE("within ten seconds each open connection is asked about once, unless it has no session") {
    tended_hub rig;
    recording_peer guest;
    const auto visiting = rig.hub.open_conversation({"gus", "", true}, guest);
    rig.pass_10_s();
    auto& asked = rig.ledger.asked_about;
    CHECK(asked.size() == rig.peers.size());
    CHECK(std::set<std::string>(asked.begin(), asked.end()) == rig.ledger.live);
}

TEST_CASE("a session that has expired closes its open connections, and only those") {
    tended_hub rig;
    rig.ledger.live.erase("s7");
    rig.pass_10_s();
    for (std::size_t i = 0; i < rig.peers.size(); ++i)
        CHECK(rig.peers[i].closed_with == (i == 7 ? 4102 : 0));
}

TEST_CASE("a ledger that cannot say whether sessions live closes nothing") {
    quiet_shard shard;  // whose twin does not know sessions
    recording_peer peer;
    const auto open = shard.hub.open_conversation({"ann", "s", false}, peer);
    for (int second = 0; second < 10; ++second) shard.hub.tick(1'000'000);
    shard.settle();
    CHECK(peer.closed_with == 0);
}

TEST_CASE("a name that was taken while its connection came in is given up") {
    tended_hub rig;
    rig.ledger.signed_in.insert("~gus");
    recording_peer late, other, unnamed;
    const auto gus = rig.hub.open_conversation({"~gus", "", true}, late);
    const auto eve = rig.hub.open_conversation({"~eve", "", true}, other);
    const auto nobody = rig.hub.open_conversation({chat::unnamed_guest, "", true}, unnamed);
    CHECK(late.closed_with == 4101);
    CHECK(other.closed_with == 0);
    CHECK(unnamed.closed_with == 0);
}

TEST_CASE("a ledger that cannot say whether a name was taken is asked again") {
    tended_hub rig;
    rig.ledger.signed_in.insert("~gus");
    rig.ledger.answers = false;
    recording_peer late;
    const auto gus = rig.hub.open_conversation({"~gus", "", true}, late);
    CHECK(late.closed_with == 0);
    rig.ledger.answers = true;
    rig.hub.tick(1'000'000);
    CHECK(late.closed_with == 4101);
}
