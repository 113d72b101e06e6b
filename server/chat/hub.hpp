// The rooms and connections of one shard. One thread; nothing here waits or looks at a clock.
#pragma once

#include "server/base/token_buckets.hpp"
#include "server/chat/bus.hpp"
#include "server/chat/counters.hpp"
#include "server/chat/ledger.hpp"
#include "server/chat/page_queue.hpp"
#include "server/chat/participant.hpp"
#include "server/chat/room.hpp"
#include "server/chat/settings.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace parley::chat {

class conversation;

// What came of asking rooms to tell what they owe.
struct told {
    std::size_t members = 0;   // of those that did
    bool others_wait = false;  // some were told too lately
};

class hub final : private room_repairs {
public:
    hub(ledger& log, bus& others, chat::settings chosen, std::size_t shard);
    ~hub();
    hub(const hub&) = delete;
    hub& operator=(const hub&) = delete;

    // A connection that speaks parley.1. The caller owns the participant; dropping it ends its part
    // in the chat.
    std::shared_ptr<conversation> open_conversation(identity who, peer& far_end);

    // Single requests over HTTP: nothing can be subscribed, and no `hello` is needed.
    std::shared_ptr<conversation> open_exchange(identity who, peer& far_end);

    // A connection of plain text, in one room, that comes in at `entry` (see find_plain_entry).
    std::shared_ptr<participant> open_plain(identity who, const std::string& room,
                                            std::uint64_t entry, peer& far_end);

    // What the bus brought, in order. Events wait in their rooms for `tell_rooms`, which `owes`
    // asks for.
    void receive(const hint& what);
    void when_owing(std::function<void(std::size_t members)> owes) { owes_ = std::move(owes); }

    // The end of a turn: tells members what rooms owe, unless they were told less than `spacing`
    // ago. Those wait for the tick: then `spacing` is 0 and all are told.
    told tell_rooms(time_us now, time_us spacing);

    // Some of that was dropped. Each room with subscribers reads once what it may have missed, and
    // the list of each person who is connected is read once.
    void hints_lost();

    // Once a second: heads of rooms that are not subscribed, who is present, and whether sessions
    // still live.
    void tick(steady_ms now);

    // The server stops: every connection gets its `bye` and is closed.
    void say_bye(protocol::close_code code, std::string_view reason);

    // Of every subscription, between two steps.
    void check_invariants() const;

    std::size_t connections() const { return participants_.size(); }
    std::size_t rooms() const { return rooms_.size(); }
    const chat::settings& settings() const { return settings_; }
    ledger& log() { return log_; }
    counters& counted() { return counted_; }  // on the shard's thread only
    const counters& counted() const { return counted_; }

private:
    // For participants, who live inside.
    friend class participant;
    friend class conversation;
    friend class plain_conversation;
    void add(participant& who);
    void remove(participant& who);
    room& room_named(const std::string& name);
    void forget_if_empty(room& place);
    void presence_changed(room& place);
    void head_changed(room& place) override;
    void owes(room& place);

    // What the bus lost (see repair.cpp).
    void repair(room& place) override;
    void page_read(room& place, answer_to<read_run> found);
    void doubt_list(const std::string& user);
    void read_list(const std::string& user);
    void list_read(const std::string& user, std::uint64_t since, std::uint64_t rooms_begun,
                   const answer_to<read_rooms>& found);
    void repair_again();
    std::vector<participant*> list_keepers(const std::string& user) const;
    std::string next_nonce() { return settings_.node + '-' + std::to_string(++nonces_); }

    void hear(const events_committed& what);
    void hear(const person_changed& what);
    void hear(const session_ended& what);
    void hear(const name_taken& what);
    void hear(const typing_changed& what);
    void hear(const presence_summary& what);
    void hear(const presence_asked& what);
    void publish(hint one);
    void tell_presence(const std::string& name);
    void tend_presence();
    void check_newcomer(participant& newcomer);
    void check_sessions();
    void check_sessions(std::size_t first, std::size_t last);
    void check_names();
    void check_name(const std::string& user);
    void check_names_again();

    static constexpr std::size_t exchange_users_max = 4096;
    // Remembered, for connections that are still coming in. Whoever slips through is found by
    // check_sessions, which looks at each connection once in so many ticks.
    static constexpr std::size_t ended_sessions_max = 1024;
    static constexpr std::size_t session_check_ticks = 10;

    ledger& log_;
    bus& others_;
    const chat::settings settings_;
    page_queue pages_;
    const std::size_t shard_;
    counters counted_;
    std::uint64_t nonces_ = 0;
    std::uint64_t rooms_begun_ = 0;  // that this shard began to follow
    encode_counters encoded_here_;   // what was read because hints were lost
    std::map<std::string, std::shared_ptr<room>, std::less<>> rooms_;
    std::vector<participant*> participants_;
    struct person {
        std::optional<interest> heard;  // while there are connections
        std::vector<participant*> connections;
    };
    std::unordered_map<std::string, person> people_;
    std::deque<std::string> ended_sessions_;
    std::size_t ticks_ = 0;
    std::vector<std::string> rooms_to_repair_;  // the ledger refused; again at the next tick
    std::set<std::string> names_to_check_;      // likewise
    // By user: whether their list of rooms is being read, and whether it must be read once more.
    struct list_state {
        bool is_read = false;
        bool doubted = true;
    };
    std::map<std::string, list_state> lists_;
    const std::shared_ptr<const hub*> reader_ = std::make_shared<const hub*>(this);
    std::vector<std::string> presence_to_tell_;
    std::string presence_tended_;  // the last room whose presence was
    std::vector<std::string> heads_to_tell_;
    std::vector<std::string> rooms_to_tell_;    // since the last turn
    std::vector<std::string> rooms_that_wait_;  // for the tick
    std::function<void(std::size_t)> owes_ = [](std::size_t) {};
    // By user: HTTP requests share no connection.
    base::token_buckets exchange_sends_{settings_.sends(), exchange_users_max};
    base::token_buckets exchange_records_{settings_.sends(), exchange_users_max};
    base::token_buckets exchange_lookups_{settings_.lookups(), exchange_users_max};
};

}  // namespace parley::chat
