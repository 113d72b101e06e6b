// One connection in one room: what it has been told, and what it is owed.
//
// Invariants:
//  1. Every event up to `cursor` was queued for the connection, or lies before what it asked for;
//     `cursor` is not beyond the room's top.
//  2. `live`: every event after `cursor` will be offered, in order: it is among the room's owed
//     ones, or yet to come out of the room's feed, which reads what the bus lost.
//  3. `catching_up`: a page after `cursor` is being read; what is offered meanwhile is held
//     (bounded), and what was held is told after the page. Registered first, read second, merged
//     by seq: nothing falls between.
//  4. `behind`: nothing is queued or held; the room's top is all that needs to be known.
//  5. `watching`: no events, only heads; `cursor` is the top that was told last. Nothing is held.
#pragma once

#include "server/chat/broadcast.hpp"
#include "server/chat/identity.hpp"
#include "server/chat/sink.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace parley::chat {

class room;
class participant;

class subscription {
public:
    enum class phase : std::uint8_t { watching, catching_up, live, behind };

    subscription(room& place, participant& owner);

    room& place() const { return place_; }
    participant& owner() const { return owner_; }
    phase now() const { return phase_; }
    bool subscribed() const { return phase_ != phase::watching; }
    std::uint64_t cursor() const { return cursor_; }
    bool joined() const { return joined_; }
    void set_joined(bool joined) { joined_ = joined; }

    // Begins to read; answers of earlier readings are stale from here on, and all of them from
    // watch() on. REQUIRES: the owner never used the number, which is above no_reading.
    static constexpr std::uint32_t no_reading = 0;
    void begin_reading(std::uint32_t number);
    std::uint32_t reading() const { return reading_; }

    // Committed runs of events that follow each other, and the same joined.
    void offer(const broadcast& whole, run_list parts, urgency when);

    // The same, ahead of the others in the room.
    void offer_promptly(run_list parts);

    void prefetch_outlet() const { outlet_.prefetch(); }

    // What the connection wants begins after `cursor`. REQUIRES: catching_up, and no page was
    // queued yet.
    void start_at(std::uint64_t cursor);

    // A page was queued, up to `cursor`: tells what was held. True when live now; false: there is
    // more to read.
    bool settle(std::uint64_t cursor);

    // The connection was told the room's top, and fetches the rest itself.
    void go_live_at(std::uint64_t top);
    void fall_behind();
    void watch(std::uint64_t told);

    // The ledger has let the person in: only now is it told who is there, and are they told of it.
    void admit() { admitted_ = true; }
    bool admitted() const { return admitted_; }

    // Between two steps: not while the room tells its members.
    void check_invariants() const;

private:
    friend class room;
    static constexpr std::size_t held_max = 64;

    void offer(const std::shared_ptr<const broadcast>& run, urgency when);
    void pass_on(const broadcast& run, urgency when);
    void catch_up(run_list runs);

    // What every delivery reads comes first, and lies together.
    sink& outlet_;
    std::uint64_t cursor_ = 0;
    room& place_;
    phase phase_ = phase::watching;
    const frame_kind reads_;
    bool joined_ = false;
    bool admitted_ = false;
    bool hurried_ = false;  // is in the room's list of those who are told ahead
    std::uint32_t reading_ = no_reading;
    std::uint32_t slot_ = 0;  // in the room's list
    participant& owner_;
    std::vector<std::shared_ptr<const broadcast>> held_;
};

}  // namespace parley::chat
