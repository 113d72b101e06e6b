// Decides when the rooms and outboxes of one shard write. Whatever came during a turn of the loop leaves at its end,
// after all that was readable has been read, in one write for each connection. A room that was told, or a connection
// that was written to, less than `spacing` ago collects until the next mark instead, unless something prompt waits: so
// a busy one costs at most one system call every `spacing`, and a quiet one waits for nothing. Whoever is answered is
// written to before the rooms tell, and can go on while they do; what they tell then waits for the mark like any other.
// One thread: the shard's.
#pragma once

#include "server/chat/counters.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <utility>
#include <vector>

namespace parley::net {

class outbox;

struct write_counters {
    chat::counter writes;  // system calls that took something
    chat::counter bytes;
    chat::high_water_mark queued;     // bytes that waited for one connection
    chat::deflate_counters deflated;  // of frames for one connection; broadcasts are counted where they are encoded

    static constexpr auto shown() {
        using row = chat::shown_counter<write_counters>;
        return std::array{
            row{&write_counters::writes, "parley_writes_total",
                "System calls that wrote to a WebSocket; by parley_deliveries_total: writes per delivery"},
            row{&write_counters::bytes, "parley_written_bytes_total", "Bytes written to WebSockets"},
        };
    }
};

class flusher {
public:
    using clock = std::chrono::steady_clock;

    flusher(boost::asio::io_context& loop, std::chrono::milliseconds spacing) : timer_(loop), spacing_(spacing) {}

    // Puts into the outboxes what rooms owe that were last told at least so long ago; true: other rooms wait.
    using telling = std::function<bool(clock::time_point now, clock::duration spacing)>;
    void tell_before_writing(telling tell) { tell_ = std::move(tell); }

    // A room owes something.
    void wake();

    // The outbox has something to write. `prompt`: it does not wait for a mark.
    void enlist(outbox& box, bool prompt);
    void forget(outbox& box);

    // While rooms tell: when that began, and whether a connection that was written to then need not wait for a mark.
    clock::time_point now() const { return now_; }
    bool is_due(clock::time_point written_at) const { return now_ - written_at >= spacing_now_; }

    write_counters& counted() { return counted_; }
    const write_counters& counted() const { return counted_; }

private:
    void add(std::vector<outbox*>& list, outbox& box);
    void flush_turn();
    bool tell(clock::duration spacing);
    void flush_prompt();
    void flush(std::vector<outbox*>& list);
    void flush(outbox& box);
    void arm_mark();
    void flush_mark();

    boost::asio::steady_timer timer_;
    const std::chrono::milliseconds spacing_;
    telling tell_ = [](clock::time_point, clock::duration) { return false; };
    clock::time_point now_{};  // when this turn, or this mark, began to be written
    clock::duration spacing_now_{};
    bool awake_ = false;         // flush_turn comes
    bool armed_ = false;         // the mark comes
    std::vector<outbox*> turn_;  // written at the end of this turn; null: forgotten
    std::vector<outbox*> mark_;  // written when the timer expires; null: forgotten or moved
    write_counters counted_;
};

}  // namespace parley::net
