// Seeded schedules of a cut, delayed and duplicating network between the model and a twin of the
// server: whatever happens, each message ends in the log once, in the order in which it was
// written.
#include "tests/unit/wasm-client/state/driven_model.hpp"

#include <algorithm>
#include <random>

namespace parley::state {
namespace {

// A server of one room: a log, and the answers that it remembers by nonce.
struct server_twin {
    std::vector<protocol::event> log;
    std::deque<std::string> to_client;
    bool live = false;

    void send(const protocol::notice& notice) { to_client.push_back(protocol::encode(notice)); }
    void send_events(std::uint64_t after) {
        if (after >= log.size()) return;
        send(protocol::events{.room = "lobby",
                              .epoch = 1,
                              .events = {log.begin() + static_cast<long>(after), log.end()}});
    }
    void commit(protocol::event event) {
        event.seq = log.size() + 1;
        event.said = event.seq;
        log.push_back(std::move(event));
        if (live) send_events(log.size() - 1);
    }

    void on(const protocol::hello& hello) {
        send(protocol::welcome{.id = hello.id,
                               .me = "ann",
                               .server = "twin/1",
                               .limits = {},
                               .rooms = {summary("lobby", log.size(), 0)}});
        live = !hello.resume.empty();
        if (live) send_events(hello.resume[0].seq);
    }
    void on(const protocol::subscribe& request) {
        auto answer = driven_model::accepted(request.id);
        answer.epoch = 1;
        answer.top = answer.said = log.size();
        send(answer);
        live = true;
        if (request.seq) return send_events(*request.seq);
        send(protocol::page{
            .room = "lobby", .epoch = 1, .from = 1, .to = log.size(), .events = log});
    }
    void on(const protocol::send& sent) {
        auto known = std::find_if(log.begin(), log.end(),
                                  [&](auto& event) { return event.nonce == sent.nonce; });
        if (known == log.end()) {
            commit(message_event(0, "ann", sent.text, sent.nonce));
            known = log.end() - 1;
        }
        auto answer = driven_model::accepted(sent.id);
        answer.seq = known->seq;
        answer.at = known->at;
        send(answer);
    }
    void on(const protocol::catch_up& request) {
        auto answer = driven_model::accepted(request.id);
        answer.epoch = 1;
        answer.events.emplace(log.begin() + static_cast<long>(request.seq), log.end());
        send(answer);
    }
    template <class Request>
    void on(const Request& request) {
        if constexpr (requires { request.id; }) send(driven_model::accepted(request.id));
    }
};

struct schedule {
    driven_model d;
    server_twin server;
    std::mt19937_64 chance;
    std::vector<std::string> said;
    bool connected = false;

    explicit schedule(std::uint64_t seed) : chance(seed) {
        d.sign_in();
        d.happen(inputs::restored{});
    }

    void connect() {
        if (connected) return;
        d.happen(inputs::connecting{});
        d.happen(inputs::opened{});
        connected = true;
    }
    // What was on the wire is lost: in both directions, or only what the client would have heard.
    void cut() {
        if (!connected) return;
        if (chance() % 2) deliver_requests();
        d.sent.clear();
        server.to_client.clear();
        server.live = connected = false;
        d.lose_connection();
    }
    void deliver_requests() {
        while (!d.sent.empty()) {
            const auto request = d.sent.front();
            d.sent.pop_front();
            std::visit([&](const auto& known) { server.on(known); }, request);
        }
    }
    void deliver_notice() {
        if (server.to_client.empty()) return;
        const std::string frame = server.to_client.front();
        server.to_client.pop_front();
        const bool lost =
            frame.find(R"("events","room")") != std::string::npos && chance() % 8 == 0;
        if (!lost)
            d.happen(inputs::received{frame});
        else
            d.receive(head_of("lobby", server.log.size()));
        if (chance() % 8 == 0) d.happen(inputs::received{frame});
    }
    void step() {
        d.pass(chance() % 50);
        switch (chance() % 8) {
            case 0: connect(); break;
            case 1:
                if (chance() % 4 == 0) cut();
                break;
            case 2: deliver_requests(); break;
            case 3:
                if (d.model.open.empty() || said.size() >= 40) break;
                said.push_back("text " + std::to_string(said.size()));
                d.say(said.back());
                break;
            case 4: server.commit(message_event(0, "bob", "from bob")); break;
            default: deliver_notice();
        }
    }
    void settle() {
        connect();
        for (int i = 0; i < 20'000 && !(d.sent.empty() && server.to_client.empty()); ++i) {
            deliver_requests();
            deliver_notice();
            d.pass(10);
        }
    }
};

}  // namespace

TEST_CASE("no schedule loses, doubles or reorders a message") {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        schedule run(seed);
        for (int i = 0; i < 400; ++i) run.step();
        run.settle();
        INFO("seed " << seed);
        std::vector<std::string> written;
        for (const auto& event : run.server.log)
            if (event.author == "ann") written.push_back(std::string(protocol::text_of(event)));
        REQUIRE(written == run.said);
        REQUIRE(run.d.model.unsent.messages().empty());
        REQUIRE(run.d.stored.empty());
        const room_log& copy = run.d.lobby().log;
        REQUIRE(copy.top() == run.server.log.size());
        for (std::uint64_t seq = copy.oldest(); seq != 0 && seq <= copy.top(); ++seq)
            REQUIRE(protocol::text_of(*copy.find(seq)) ==
                    protocol::text_of(run.server.log[static_cast<std::size_t>(seq - 1)]));
    }
}

}  // namespace parley::state
