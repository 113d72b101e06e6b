// Decides when the rooms and outboxes of one shard write. Whatever came during a turn of the loop
// leaves at its end, after all that was readable has been read, in one write for each connection. A
// room that was told, or a connection that was written to, less than `spacing` ago collects until
// the shard's next mark, `spacing` after the last time that rooms told or one of those that wait
// was written to, unless something prompt waits: so a busy one costs at most one system call every
// `spacing`, and a quiet one waits for nothing. A telling of rooms counts from its middle, when
// half of their members had it. Whoever is answered is written to before the rooms tell, and can go
// on while they do; what they tell then waits for the mark like any other.
//
// Where telling will take long, messages that are on their way to the disk are waited for, for half
// as long at most: what becomes of them then leaves with what rooms owe already, instead of behind
// it in a second write for each member.
//
// One thread: the shard's.
#pragma once

#include "server/chat/counters.hpp"
#include "server/chat/hub.hpp"
#include "server/net/unread.hpp"
#include "server/shard/shard_ledger.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

namespace parley::net {

class outbox;

struct write_counters {
    chat::counter writes;  // system calls that took something
    chat::counter bytes;
    chat::high_water_mark queued;  // bytes that waited for one connection
    chat::counter overdue;         // connections, because all that is unread was too much
    chat::counter disconnected;    // likewise
    chat::deflate_counters
        deflated;  // of frames for one connection; broadcasts are counted where they are encoded

    static constexpr auto shown() {
        using row = chat::shown_counter<write_counters>;
        return std::array{
            row{&write_counters::writes, "parley_writes_total",
                "System calls that wrote to a WebSocket; by parley_deliveries_total: writes per "
                "delivery"},
            row{&write_counters::bytes, "parley_written_bytes_total",
                "Bytes written to WebSockets"},
            row{&write_counters::overdue, "parley_outbox_total_behind_total",
                "Times the longest unread connection fell behind for --outbox-total"},
            row{&write_counters::disconnected, "parley_outbox_total_disconnected_total",
                "Times it was disconnected, because that was not enough"},
        };
    }
};

class flusher {
public:
    using clock = std::chrono::steady_clock;

    flusher(boost::asio::io_context& loop, std::chrono::milliseconds spacing,
            const shard::message_flow& messages,
            clock::duration hold_max = std::chrono::milliseconds(10),
            std::size_t unread_bytes_max = SIZE_MAX)
        : mark_timer_(loop),
          hold_timer_(loop),
          spacing_(spacing),
          hold_max_(hold_max),
          messages_(messages),
          unread_(loop, unread_bytes_max) {}

    // Puts into the outboxes what rooms owe that were last told at least so long ago.
    using telling = std::function<chat::told(clock::time_point now, clock::duration spacing)>;
    void tell_before_writing(telling tell) { tell_ = std::move(tell); }

    // A room owes something to so many.
    void rooms_owe(std::size_t members);

    // The outbox has something to write. `prompt`: it does not wait for a mark.
    void enlist(outbox& box, bool prompt);
    void forget(outbox& box);

    // While rooms tell: when that began, and whether a connection that was written to then, or
    // never, need not wait for a mark.
    clock::time_point now() const { return now_; }
    bool is_due(std::optional<clock::time_point> written_at) const {
        return !written_at || now_ - *written_at >= spacing_now_;
    }

    unread_outboxes& unread() { return unread_; }
    const unread_outboxes& unread() const { return unread_; }
    write_counters& counters() { return counters_; }
    const write_counters& counters() const { return counters_; }

private:
    void add(std::vector<outbox*>& list, outbox& box);
    void wake();
    void flush_turn();
    bool holds();
    bool begins_to_hold();
    void end_hold();
    bool tell();
    void flush_prompt();
    void flush_due();
    void flush(std::vector<outbox*>& list);
    void flush(outbox& box);
    void note_telling();
    void arm_mark();
    void flush_mark();

    boost::asio::steady_timer mark_timer_;
    boost::asio::steady_timer hold_timer_;
    const std::chrono::milliseconds spacing_;
    const clock::duration hold_max_;
    const shard::message_flow& messages_;
    telling tell_ = [](clock::time_point, clock::duration) { return chat::told{}; };
    clock::time_point now_{};  // when this turn, or this mark, began to be written
    clock::duration spacing_now_{};
    clock::time_point mark_from_ = clock::now();  // the mark comes `spacing` later
    std::size_t told_now_ = 0;                    // members, in this turn or at this mark
    clock::duration
        per_member_{};  // that the last telling took, until all was written; of a small room: less
    std::size_t owed_ = 0;  // members, since the rooms were last asked to tell
    bool holding_ = false;  // until held_until_, or until held_for_ messages in all are back
    clock::time_point held_until_{};
    std::uint64_t held_for_ = 0;
    bool awake_ = false;         // flush_turn comes
    bool armed_ = false;         // the mark comes
    std::vector<outbox*> turn_;  // written at the end of this turn; null: forgotten
    std::vector<outbox*> mark_;  // written at the mark; null: forgotten or moved
    unread_outboxes unread_;
    write_counters counters_;
};

}  // namespace parley::net
