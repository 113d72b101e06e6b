// The part of a room that one shard holds: who of its connections is there, and how far the room
// has come.
#pragma once

#include "server/chat/bus.hpp"
#include "server/chat/counters.hpp"
#include "server/chat/feed.hpp"
#include "server/chat/ledger.hpp"
#include "server/chat/presence_board.hpp"
#include "server/chat/subscription.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace parley::chat {

class room;

// Port: reads from the ledger what a room lacks, and tells its head. Its twin is the hub.
class room_repairs {
public:
    virtual void repair(room& place) = 0;
    virtual void head_changed(room& place) = 0;

protected:
    ~room_repairs() = default;
};

class room : public std::enable_shared_from_this<room> {
public:
    // `number`: of the rooms that the shard began to follow, the first is 1.
    room(std::string name, std::uint64_t number, counters& counted, room_repairs& repairs, bus& bus,
         std::size_t shard)
        : name_(std::move(name)),
          number_(number),
          interest_(bus, shard, room_subject(name_)),
          counted_(counted),
          repairs_(repairs) {}
    room(const room&) = delete;
    room& operator=(const room&) = delete;

    const std::string& name() const { return name_; }
    std::uint64_t number() const { return number_; }
    std::uint64_t epoch() const { return epoch_; }
    std::uint64_t top() const { return top_; }
    std::uint64_t said() const { return said_; }
    std::uint64_t shrunk() const { return shrunk_; }
    bool empty() const { return members_.empty() && watchers_.empty(); }
    bool has_watchers() const { return !watchers_.empty(); }
    std::size_t members() const { return members_.size(); }

    // The log was seen this far: in a page, or by the bus.
    void saw(std::uint64_t epoch, std::uint64_t top, std::uint64_t said, std::uint64_t shrunk = 0);

    void add(subscription& newcomer);
    void remove(subscription& leaver);
    void change_phase(subscription& who, subscription::phase next);

    // Keeps a run, once all before it have come, until `tell`: what came meanwhile is put together
    // once, for everyone who is subscribed.
    void collect(const std::shared_ptr<const broadcast>& run);

    // Hints were lost, perhaps of this room.
    void doubt();

    // What came of reading the events after runs().end().
    void collect_missing(page&& found, encode_counters& counted);

    // Those who are live will not be offered what is missing: each is told in its own way.
    void give_up_missing();

    // A live connection as whom a missing page may be read, another one with each `turn`; null:
    // nobody is live.
    const participant* live_member(std::size_t turn) const;
    feed& runs() { return runs_; }
    const feed& runs() const { return runs_; }

    // Each event from here on is owed to whoever is live, or not yet here.
    std::uint64_t next_offered() const;

    // Of its subscriptions, after a step is complete.
    void check_invariants() const;
    bool owes_much() const;
    bool is_due(time_us now, time_us spacing) const {
        return !told_at_ || now - *told_at_ >= spacing || owes_much();
    }
    // How many were told. `last`: no other room tells in this turn; otherwise `spaced`.
    std::size_t tell(time_us now, urgency when);
    run_list owed() const { return owed_; }

    // The next run is what this one has said: it is told ahead of the others.
    void hurry(subscription& speaker);

    // To everyone subscribed that reads JSON and whose outbox is not filling up; `except` is a
    // user.
    void tell_ephemeral(const wire::shared_frame& frame, std::string_view except);

    // The head, to everyone who watches and has not been told it. False: some outboxes were too
    // full for it now.
    bool tell_head();

    // Who is here on this node; and who on all of them.
    presence_summary present(const std::string& node) const;
    presence_board& presence() { return presence_; }
    const wire::shared_frame& presence_frame() const { return presence_.frame(); }

    void count_deliveries(std::uint64_t events) { counted_.deliveries.add(events); }

    bool presence_waits = false;  // is in the hub's list of rooms whose presence is to be told
    bool presence_asked = false;  // the other nodes were asked for theirs
    bool head_waits = false;
    bool told_waits = false;  // is in the hub's list of rooms that owe something

private:
    void owe(const std::shared_ptr<const broadcast>& run);
    void deliver(run_list parts, urgency when);
    std::vector<subscription*>& list_of(const subscription& who);

    const std::string name_;
    const std::uint64_t number_;
    const interest interest_;
    counters& counted_;
    room_repairs& repairs_;
    std::uint64_t epoch_ = 0;
    std::uint64_t top_ = 0;
    std::uint64_t said_ = 0;
    std::uint64_t shrunk_ = 0;  // seq of the newest deletion that was heard of
    feed runs_;                 // of those who are subscribed
    std::vector<std::shared_ptr<const broadcast>> owed_;
    std::size_t owed_bytes_ = 0;
    std::optional<time_us> told_at_;       // nothing: never
    std::vector<subscription*> hurried_;   // each once
    std::vector<subscription*> members_;   // subscribed
    std::vector<subscription*> watchers_;  // heads only
    presence_board presence_;
};

// The head of a room, as a frame.
wire::shared_frame make_head_frame(const room& place);

}  // namespace parley::chat
