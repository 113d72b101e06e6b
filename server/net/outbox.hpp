// The write side of one WebSocket connection: the queue that frames go to, and the stream that
// Beast writes to, in one, so that the two can never interleave. Beast has no gather write
// (boostorg/beast issue 2033); this is it.
//
// clang-format off
//     broadcasts --offer()--+------- nothing is queued, and it is due -----------> channel
//                           | otherwise
//                           v
//     answers, pings --push()----------------------------> +-------+
//                                                          | queue | --flush()--> channel, up to
//     Beast: handshake, pong, close --async_write_some---> +-------+              64 frames at once
//     Beast: reads <----------------async_read_some------------------------------ channel
//
// Invariants:
//  1. Order: bytes leave in the order in which they were queued, whoever queued them.
//  2. Whole frames: an element of the queue is one or more whole frames. Beast writes a control
//     frame in one piece, and the piece is copied into one element. Only the first element may be
//     sent in part, by offset_. What the channel refuses stays first, and only what comes behind
//     it changes (net/channel, invariant 1).
//  3. Last word: after a close frame, or once the connection is broken, nothing more is queued.
//  4. Nothing is forgotten: while the queue is not empty, the outbox is listed with the flusher or
//     waits for the socket to become writable.
//  5. Bounded: Beast writes one piece at a time, and its write completes at once only while the
//     queue is within its bound; a peer that sends pings and reads nothing is thereby no longer
//     read from. Those who push look at queued_bytes() and hold back; outbox_drained() says when
//     to go on.
//  6. What every delivery touches lies within sink::touched_bytes.
// clang-format on
//
// One thread: the shard's. Owner: the session, which keeps it alive while a wait is pending.
#pragma once

#include "server/net/channel.hpp"
#include "server/net/lingering_close.hpp"
#include "server/net/listed_outbox.hpp"
#include "server/net/pump.hpp"
#include "shared/ensure.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace parley::net {

class outbox final : public listed_outbox {
public:
    class owner {
    public:
        // What keeps the outbox alive.
        virtual std::shared_ptr<void> alive() = 0;

        // The queue was beyond its bound and has fallen below half of it; after outbox_overdue(),
        // it is empty.
        virtual void outbox_drained() = 0;

        // The peer reads too little, and all that is unread is too much. True: queued events may be
        // forgotten, because the peer gets later what it lacks.
        virtual bool outbox_overdue() { return false; }

        // That was not enough: the connection is to be dropped.
        virtual void outbox_given_up() {}

    protected:
        ~owner() = default;
    };

    // `early`: bytes that were read from the channel already; Beast reads them first.
    outbox(channel through, std::string early, std::size_t bytes_max, pump& pump, owner& session);
    ~outbox();

    // Frames are taken from open() to shut(); others that are pushed are passed over. Beast writes
    // in any case.
    void open() { open_ = true; }
    void shut() { open_ = false; }

    // What is queued. `events`: the log has them.
    enum class content : std::uint8_t { events, other };

    // Whole frames. `prompt`: they leave at the end of this turn; otherwise they may be deferred to
    // the next tick.
    void push(wire::shared_frame frames, bool prompt, content kind = content::other);

    // A broadcast: as `push`, but not taken while the queue is over its bound. The only broadcast
    // of a turn is written at once where possible: the kernel takes nearly all of them, and what it
    // takes was never queued.
    bool offer(const wire::shared_frame& frames, chat::urgency when) override;

    // From outbox_overdue() until everything has been taken.
    bool is_overdue() const { return bound_ == 0; }
    bool is_over_bound() const { return queued_bytes_ > bound_; }

    // Bytes wait, and the kernel has taken none for at least `patience`.
    bool stalled(base::time_us now, base::time_us patience) const {
        return refused_ && now >= refused_at_ + patience;
    }
    std::uint32_t reads() const { return reads_; }  // that Beast has started; wraps

    // What ended the connection, when it was a write that failed.
    error_code failure() const { return failure_; }

    // Ends the connection at once: what is queued is lost, and pending reads and writes complete.
    void drop();

    // For the lists of the shard.
    void flush(base::time_us now) override;
    void prefetch_queue() const override { __builtin_prefetch(queue_.data()); }
    void fall_behind() override;
    void disconnect() override;

    // The numbered invariants that can be seen. Called after every change in builds that check.
    void check_invariants() const;

    // ---- AsyncStream, for Beast
    using executor_type = tcp::socket::executor_type;
    using next_layer_type = tcp::socket;
    executor_type get_executor() { return channel_.get_executor(); }
    tcp::socket& next_layer() { return channel_.socket(); }
    const tcp::socket& next_layer() const { return channel_.socket(); }

    // Tells the peer that nothing more will come. REQUIRES: nothing is queued, or all is lost
    // anyway.
    void end_sending() { channel_.shutdown_send(); }

    template <class Buffers, class Handler>
    auto async_read_some(const Buffers& into, Handler&& handler) {
        return boost::asio::async_initiate<Handler, void(error_code, std::size_t)>(
            [this](auto&& done, const Buffers& to) {
                using done_type = decltype(done);
                ++reads_;
                if (early_.empty())
                    return channel_.async_read_some(to, std::forward<done_type>(done));
                const std::size_t taken = boost::asio::buffer_copy(to, boost::asio::buffer(early_));
                early_.erase(0, taken);
                if (early_.empty()) early_.shrink_to_fit();
                boost::asio::post(get_executor(),
                                  boost::beast::bind_front_handler(std::forward<done_type>(done),
                                                                   error_code{}, taken));
            },
            handler, into);
    }

    // Completes with the size of all of `from`: at once, or when the queue has room again. A close
    // frame completes when everything has left, so that the teardown which follows cuts nothing
    // off.
    template <class Buffers, class Handler>
    auto async_write_some(const Buffers& from, Handler&& handler) {
        return boost::asio::async_initiate<Handler, void(error_code, std::size_t)>(
            [this](auto&& done, const Buffers& bytes) {
                auto piece =
                    std::make_shared<const std::string>(boost::beast::buffers_to_string(bytes));
                const error_code error = accept_piece(piece);
                auto complete = [this, error, size = error ? 0 : piece->size(),
                                 done = std::forward<decltype(done)>(done)]() mutable {
                    boost::asio::post(get_executor(), boost::beast::bind_front_handler(
                                                          std::move(done), error, size));
                };
                if (may_complete_write()) return complete();
                parked_write_ =
                    std::make_unique<parked_as<decltype(complete)>>(std::move(complete));
            },
            handler, from);
    }

private:
    struct element {
        wire::shared_frame frames;
        content kind;
    };

    // A write of Beast's that waits for its completion.
    struct parked {
        virtual ~parked() = default;
        virtual void complete() = 0;
    };
    template <class Complete>
    struct parked_as final : parked {
        explicit parked_as(Complete&& act) : act_(std::move(act)) {}
        void complete() override { act_(); }
        Complete act_;
    };

    error_code accept_piece(const wire::shared_frame& piece);
    bool may_complete_write() const { return sealed_ ? queued_bytes_ == 0 : !is_over_bound(); }
    void complete_write();
    bool takes() const { return open_ && !sealed_; }
    void append(wire::shared_frame frames, bool prompt, content kind, std::size_t sent = 0);
    void write_through(const wire::shared_frame& frames, base::time_us now);
    void write(base::time_us now);
    std::size_t send(std::span<const iovec> pieces, base::time_us now, error_code& error);
    std::size_t send_some(base::time_us now, error_code& error);
    void consume(std::size_t bytes);
    void wait_writable(base::time_us now);
    void break_off(error_code why);
    void forget_events();
    void checked() const {
        if constexpr (invariants_are_checked) check_invariants();
    }

    // ---- What every delivery touches comes first (invariant 6).
    pump& pump_;
    std::size_t bound_;      // bytes_max_, or 0 while overdue
    bool open_ = false;      // frames are taken
    bool sealed_ = false;    // a close frame was queued, or the connection is broken
    bool was_over_ = false;  // beyond the bound since the last `outbox_drained`
    bool waits_for_socket_ = false;
    bool refused_ = false;  // the kernel took nothing when it was last offered something

    // The queue: elements from first_ on; offset_ bytes of the first have left.
    std::vector<element> queue_;
    std::size_t first_ = 0;
    std::size_t offset_ = 0;
    channel channel_;

    // ---- The rest.
    const std::size_t bytes_max_;
    std::uint32_t reads_ = 0;
    base::time_us refused_at_ = 0;  // first, since it last took something
    error_code failure_;
    std::unique_ptr<parked> parked_write_;
    owner& owner_;
    std::string early_;
};

// Beast ends the connection through these, found by their argument.
inline void teardown(boost::beast::role_type role, outbox& box, error_code& error) {
    box.end_sending();
    boost::beast::websocket::teardown(role, box.next_layer(), error);
}
template <class Handler>
void async_teardown(boost::beast::role_type, outbox& box, Handler&& handler) {
    box.end_sending();
    async_linger(box.next_layer(), std::forward<Handler>(handler));
}

}  // namespace parley::net
