// The write side of one WebSocket connection: the queue that frames go to, and the stream that
// Beast writes to, in one, so that the two can never interleave. Beast has no gather write
// (boostorg/beast issue 2033); this is it.
//
//     broadcasts --offer()-------------------------------------------------> channel, while nothing
//     is queued; or else broadcasts, answers, pings --push()---------------> +-------+
//                                                         | queue | --flush()--> channel, up to 64
//                                                         frames at once
//     Beast: handshake, pong, close --async_write_some--> +-------+
//     Beast: reads <-------------------async_read_some--- channel
//
// Invariants:
//  1. Order: bytes leave in the order in which they were queued, whoever queued them.
//  2. Whole frames: an element of the queue is one or more whole frames. Beast writes a control
//  frame in one piece,
//     and the piece is copied into one element. Only the first element may be sent in part, by
//     offset_. What the channel refuses stays first, and only what comes behind it changes
//     (net/channel, invariant 1).
//  3. Last word: after a close frame, or once the connection is broken, nothing more is queued.
//  4. Nothing is forgotten: while the queue is not empty, the outbox is listed with the flusher or
//  waits for the socket
//     to become writable.
//  5. Bounded: Beast writes one piece at a time, and its write completes at once only while the
//  queue is within its
//     bound; a peer that sends pings and reads nothing is thereby no longer read from. Those who
//     push look at queued_bytes() and hold back (DESIGN, decision 8); `drained` tells them when to
//     go on.
//
// One thread: the shard's. Owner: the session, which keeps it alive while a wait is pending.
#pragma once

#include "server/chat/sink.hpp"
#include "server/net/channel.hpp"
#include "server/net/flusher.hpp"
#include "server/net/lingering_close.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace parley::net {

class outbox final : public chat::sink {
public:
    class owner {
    public:
        // What keeps the outbox alive.
        virtual std::shared_ptr<void> alive() = 0;

        // The queue, once beyond its bound, has fallen below half of it; after outbox_overdue(),
        // it is empty.
        virtual void outbox_drained() = 0;

        // The peer reads too little, and all that is unread is too much. True: events that are
        // queued may be forgotten, the peer is told later what it lacks.
        virtual bool outbox_overdue() { return false; }

        // The same, and nothing can be forgotten: to be dropped.
        virtual void outbox_given_up() {}

    protected:
        ~owner() = default;
    };

    // `early`: bytes that were read from the channel already; Beast reads them first.
    outbox(channel through, std::string early, std::size_t bytes_max, flusher& writes, owner& of);
    ~outbox();
    outbox(const outbox&) = delete;
    outbox& operator=(const outbox&) = delete;

    // From here on frames are taken, or no more: what is pushed otherwise is passed over. Beast
    // writes in any case.
    void open() { open_ = true; }
    void shut() { open_ = false; }

    // What is queued. `events`: the log has them.
    enum class content : std::uint8_t { events, other };

    // Whole frames. `prompt`: they leave at the end of this turn; otherwise they may wait for the
    // connection's mark.
    void push(chat::shared_frame frames, bool prompt, content of = content::other);

    // A broadcast: as `push`, but not taken while the queue is over its bound. One that is the last
    // of the turn is written at once, where it may be: the kernel takes nearly all of them, and
    // what it takes was never queued.
    bool offer(const chat::shared_frame& frames, chat::urgency when) override;

    std::size_t queued_bytes() const { return queued_bytes_; }
    // Since outbox_overdue(), until all has been taken.
    bool is_overdue() const { return bound_ == 0; }
    bool is_over_bound() const { return queued_bytes_ > bound_; }

    // Bytes wait, and for at least this long the kernel has taken none.
    bool stalled(flusher::clock::time_point now, flusher::clock::duration patience) const {
        return refused_ && now - refused_at_ >= patience;
    }
    // Nothing: never.
    std::optional<flusher::clock::time_point> written_at() const {
        return has_written_ ? std::optional(written_at_) : std::nullopt;
    }
    std::uint32_t reads() const { return reads_; }  // that Beast has asked for; wraps

    // What ended the connection, when it was a write that failed.
    error_code failure() const { return failure_; }

    // Ends the connection at once: what is queued is lost, and pending reads and writes complete.
    void drop();

    // For the flusher.
    void flush(flusher::clock::time_point now);
    void prefetch_queue() const { __builtin_prefetch(queue_.data()); }

    // ---- AsyncStream, for Beast
    using executor_type = tcp::socket::executor_type;
    using next_layer_type = tcp::socket;
    executor_type get_executor() { return channel_.get_executor(); }
    tcp::socket& next_layer() { return channel_.socket(); }
    const tcp::socket& next_layer() const { return channel_.socket(); }

    // The peer is told that all has left. REQUIRES: nothing is queued, or all is lost anyway.
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
    friend class flusher;
    friend class unread_outboxes;

    struct element {
        chat::shared_frame frames;
        content of;
    };

    // A write of Beast's that waits for its completion.
    struct parked {
        virtual ~parked() = default;
        virtual void complete() = 0;
    };
    template <class Complete>
    struct parked_as final : parked {
        explicit parked_as(Complete&& how) : how_(std::move(how)) {}
        void complete() override { how_(); }
        Complete how_;
    };

    error_code accept_piece(const chat::shared_frame& piece);
    bool may_complete_write() const { return sealed_ ? queued_bytes_ == 0 : !is_over_bound(); }
    void complete_write();
    bool takes() const { return open_ && !sealed_; }
    void append(chat::shared_frame frames, bool prompt, content of, std::size_t sent = 0);
    void write_through(const chat::shared_frame& frames, flusher::clock::time_point now);
    void write(flusher::clock::time_point now);
    std::size_t send(std::span<const iovec> pieces, flusher::clock::time_point now,
                     error_code& error);
    std::size_t send_some(flusher::clock::time_point now, error_code& error);
    void consume(std::size_t bytes);
    void wait_writable(flusher::clock::time_point now);
    void break_off(error_code why);

    // For unread_outboxes.
    void fall_behind();
    void forget_events();
    void disconnect();

    // ---- What every delivery touches comes first, and lies together (sink::touched_bytes).
    std::size_t queued_bytes_ = 0;
    flusher::clock::time_point written_at_{};  // once has_written_; one value would be larger
    flusher& writes_;
    bool has_written_ = false;
    bool open_ = false;      // frames are taken
    bool sealed_ = false;    // a close frame was queued, or the connection is broken
    bool was_over_ = false;  // beyond the bound since the last `outbox_drained`
    bool waits_for_socket_ = false;
    bool refused_ = false;  // the kernel took nothing when it was last asked
    bool prompt_ = false;   // the flusher's, and where it is listed
    std::uint32_t slot_ = 0;
    channel channel_;

    // The queue: elements from first_ on; offset_ bytes of the first have left.
    std::vector<element> queue_;
    std::size_t first_ = 0;
    std::size_t offset_ = 0;
    std::size_t bound_;  // bytes_max_, or 0 while overdue
    std::vector<outbox*>* list_ = nullptr;

    // ---- The rest.
    const std::size_t bytes_max_;
    std::uint32_t reads_ = 0;
    flusher::clock::time_point refused_at_{};  // first, since it last took something
    error_code failure_;
    std::unique_ptr<parked> parked_write_;
    owner& owner_;
    unread_outboxes::entry unread_;
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
