// A server and some browsers in one process. One seed decides every move.
#pragma once

#include "server/chat/conversation.hpp"
#include "server/chat/hub.hpp"
#include "server/chat/interests.hpp"
#include "tests/simulation/map_ledger.hpp"
#include "tests/simulation/wire.hpp"
#include "wasm-client/state/reduce.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace parley::simulation {

// A bus whose hints wait here, if they are of interest. They may come twice or never, as the bus
// allows.
struct leaky_bus final : chat::bus {
    std::deque<std::shared_ptr<const chat::hint>> hints;
    chat::interests interests;
    void publish(chat::hint_list published) override {
        for (auto& one : published)
            if (interests.shards_for(chat::about(*one)) != 0) hints.push_back(std::move(one));
    }
    void begin_interest(std::size_t shard, chat::subject about) override {
        interests.begin(shard, about);
    }
    void end_interest(std::size_t shard, chat::subject about) override {
        interests.end(shard, about);
    }
};

// `passer_by`: a guest of one connection, whose name nobody has proved.
enum class kind : std::uint8_t { account, guest, passer_by };

struct browser {
    std::string user;
    simulation::kind kind = kind::account;
    state::model model;
    std::map<std::string, std::string> storage;
    std::unique_ptr<wire> line;                     // null: no connection
    std::shared_ptr<chat::conversation> at_server;  // null: the server has none
    bool reads = true;                              // false: a slow reader that has stopped
    std::set<std::string> written;                  // every nonce that it ever stored
};

class world {
public:
    explicit world(std::uint64_t seed);

    // Plays `steps` random moves, then lets everything heal. Returns the first fault; empty when
    // all converged.
    std::string play(std::size_t steps);

private:
    void add_browser(std::size_t number);
    void move();
    void work();
    void tell_commits();
    void heal();
    bool advance();

    void step(browser& who, const state::input& input);
    void carry_out(browser& who, const state::effects& effects);
    void answer_post(browser& who, const state::post& request);
    void load(browser& who, const std::vector<std::string>& prefixes);

    // What people do: people.cpp.
    void act(browser& who);
    void come_and_go(browser& who);
    void change_a_message(browser& who);
    void change_a_record(browser& who);
    void discard_failed(browser& who);
    void act_elsewhere();
    void change_elsewhere(const std::string& room, bool lost);
    void come_and_go_elsewhere(bool lost);
    void expect_direct_room(const std::string& user, const std::vector<std::string>& others);

    void connect(browser& who);
    void cut(browser& who, std::uint16_t code);
    void reload(browser& who);
    bool to_browser(browser& who);
    bool to_server(browser& who);
    bool hint(bool faithful);
    void overflow();
    void check(wire& line, const state::model& model, const protocol::notice& notice);
    void check_secrecy(const browser& who, const protocol::notice& notice);
    void note_acknowledgement(const browser& who, const protocol::notice& notice);
    void crash_server();
    void start_server();

    // judge.cpp. Empty: all is well.
    std::string judge() const;
    std::string judge_direct_room(const std::string& room) const;
    std::string judge_list(const browser& who) const;
    std::string judge_reading(const browser& who, const std::string& name) const;
    std::string judge(const browser& who) const;
    std::string judge_records(const browser& who) const;
    std::string judge(const std::string& room, const state::stretch& stretch) const;

    bool chance(unsigned one_in) { return lot_() % one_in == 0; }
    template <class List>
    auto& one_of(List& list) {
        return list[lot_() % list.size()];
    }

    std::mt19937_64 lot_;
    // Whether the bus delivers each hint once, or says that it lost some. Then no repair may need
    // another event.
    bool faithful_ = lot_() % 2 == 0;
    // From this move on older pages and counts are told long after, when much was committed since.
    std::size_t slow_from_ = lot_() % 3 == 0 ? 100 + lot_() % 200 : SIZE_MAX;
    std::size_t moves_ = 0;
    std::uint64_t now_ms_ = 1'795'132'800'000;
    leaky_bus bus_;
    map_ledger ledger_{bus_};
    chat::settings settings_;
    std::unique_ptr<chat::hub> hub_;
    std::vector<std::unique_ptr<browser>> browsers_;
    std::vector<std::string> accounts_;               // some have no browser here
    std::vector<std::string> rooms_{"lobby", "den"};  // that are there, or could be
    // (user, direct room): who asked for it.
    std::set<std::pair<std::string, std::string>> opened_;
    // (user, nonce) -> seq
    std::map<std::pair<std::string, std::string>, std::uint64_t> acknowledged_;
    std::string broken_;  // the first broken promise that was seen during the moves
    unsigned lines_ = 0;
};

}  // namespace parley::simulation
