// Writes go straight to the kernel and never wait. Only when it takes no more does Asio report when
// it will.
#include "server/net/outbox.hpp"

#include "server/base/clock.hpp"
#include "server/shard/shard.hpp"

#include <array>
#include <utility>

namespace parley::net {
namespace {

// More would gain nothing: 64 frames of chat fill several packets.
constexpr std::size_t gathered_max = 64;

// First byte of a close frame (RFC 6455, section 5.5.1). A handshake response begins with 'H'.
constexpr unsigned char close_frame_byte = 0x88;

// A vector that has grown beyond this is given back once it is empty.
constexpr std::size_t idle_capacity_max = 16;

}  // namespace

outbox::outbox(channel through, std::string early, std::size_t bytes_max, pump& pump,
               owner& session)
    : pump_(pump),
      bound_(bytes_max),
      channel_(std::move(through)),
      bytes_max_(bytes_max),
      owner_(session),
      early_(std::move(early)) {
    error_code ignored;  // a socket that is dead already fails at its first use
    next_layer().non_blocking(true, ignored);
}

outbox::~outbox() {
    pump_.unread().unlist(*this);
    pump_.forget(*this);
}

void outbox::push(wire::shared_frame frames, bool prompt, content kind) {
    if (takes()) append(std::move(frames), prompt, kind);
    checked();
}

bool outbox::offer(const wire::shared_frame& frames, chat::urgency when) {
    if (is_over_bound()) return false;
    if (when == chat::urgency::write_through && queued_bytes_ == 0 && takes() &&
        pump_.is_due(written_at()))
        write_through(frames, pump_.now());
    else
        push(frames, when == chat::urgency::prompt, content::events);
    checked();
    return true;
}

void outbox::write_through(const wire::shared_frame& frames, base::time_us now) {
    const iovec all{const_cast<char*>(frames->data()), frames->size()};
    error_code error;  // an error comes again, with the rest
    const std::size_t taken = send({&all, 1}, now, error);
    if (taken < frames->size()) append(frames, true, content::events, taken);
}

// REQUIRES: nothing is queued, if some of `frames` was sent already.
void outbox::append(wire::shared_frame frames, bool prompt, content kind, std::size_t sent) {
    ensure(sent == 0 || queued_bytes_ == 0);
    queued_bytes_ += frames->size() - sent;
    if (sent > 0) offset_ = sent;
    queue_.push_back({std::move(frames), kind});
    // A burst within one turn does not make a slow reader: what the kernel takes now does not
    // count.
    if (is_over_bound() && !waits_for_socket_) write(base::steady_clock_us());
    if (is_over_bound()) was_over_ = true;
    pump_.counters().queued.reach(queued_bytes_);
    if (waits_for_socket_)
        pump_.unread().count(*this);
    else if (!failure_)
        pump_.enlist(*this, prompt);
}

error_code outbox::accept_piece(const wire::shared_frame& piece) {
    if (sealed_) return boost::asio::error::operation_aborted;
    append(piece, true, content::other);
    if (static_cast<unsigned char>(piece->front()) == close_frame_byte) sealed_ = true;
    checked();
    return failure_;
}

void outbox::complete_write() {
    if (!parked_write_ || !may_complete_write()) return;
    std::exchange(parked_write_, nullptr)->complete();
}

void outbox::write(base::time_us now) {
    while (queued_bytes_ > 0 && !waits_for_socket_) {
        error_code error;
        const std::size_t taken = send_some(now, error);
        if (error == boost::asio::error::would_block) return wait_writable(now);
        if (error) return break_off(error);
        consume(taken);
    }
}

void outbox::flush(base::time_us now) {
    prompt_ = false;
    write(now);
    if (failure_) return;
    complete_write();
    checked();
    if (!was_over_ || queued_bytes_ > bound_ / 2) return;
    was_over_ = false;
    if (std::exchange(bound_, bytes_max_) == 0) pump_.unread().unlist(*this);
    owner_.outbox_drained();
}

std::size_t outbox::send(std::span<const iovec> pieces, base::time_us now, error_code& error) {
    const std::size_t taken = channel_.send(pieces, error);
    if (error) return 0;
    written_at_ = now;
    has_written_ = true;
    refused_ = false;
    pump_.counters().writes.add();
    pump_.counters().bytes.add(taken);
    return taken;
}

std::size_t outbox::send_some(base::time_us now, error_code& error) {
    std::array<iovec, gathered_max> pieces;
    std::size_t count = 0;
    for (std::size_t i = first_; i < queue_.size() && count < pieces.size(); ++i, ++count) {
        const std::size_t sent = i == first_ ? offset_ : 0;
        const std::string& frames = *queue_[i].frames;
        pieces[count] = {const_cast<char*>(frames.data()) + sent, frames.size() - sent};
    }
    return send({pieces.data(), count}, now, error);
}

void outbox::consume(std::size_t bytes) {
    queued_bytes_ -= bytes;
    const auto size = [this] { return queue_[first_].frames->size(); };
    for (bytes += offset_; first_ < queue_.size() && bytes >= size(); ++first_) {
        bytes -= size();
        queue_[first_].frames.reset();
    }
    offset_ = bytes;
    if (first_ < queue_.size() / 2 || first_ == 0) return;
    queue_.erase(queue_.begin(),
                 queue_.begin() + static_cast<std::ptrdiff_t>(std::exchange(first_, 0)));
    if (queue_.empty() && queue_.capacity() > idle_capacity_max) queue_.shrink_to_fit();
}

void outbox::wait_writable(base::time_us now) {
    if (!refused_) refused_at_ = now;
    pump_.unread().list(*this, !refused_);
    waits_for_socket_ = refused_ = true;
    channel_.when_writable([this, alive = owner_.alive()](error_code error) {
        waits_for_socket_ = false;
        if (!error) flush(base::steady_clock_us());
        if (!waits_for_socket_) pump_.unread().unlist(*this);
    });
}

// Until it is empty, it takes no more events: the peer gets them later.
void outbox::fall_behind() {
    bound_ = 0;
    was_over_ = true;
    if (owner_.outbox_overdue()) forget_events();
    checked();
}

// Bytes that the channel may have encrypted stay (net/channel, invariant 1), and so does an element
// that was sent in part.
void outbox::forget_events() {
    std::size_t offered_bytes = 0;  // to the channel
    const auto stays = [&](const element& queued) {
        const bool was_offered = offered_bytes < channel::refused_bytes_max;
        offered_bytes += queued.frames->size() - (offered_bytes == 0 ? offset_ : 0);
        return was_offered || queued.kind != content::events;
    };
    auto to = queue_.begin() + static_cast<std::ptrdiff_t>(first_);
    for (auto from = to; from != queue_.end(); ++from) {
        if (stays(*from))
            *to++ = std::move(*from);
        else
            queued_bytes_ -= from->frames->size();
    }
    queue_.erase(to, queue_.end());
    queue_.shrink_to_fit();
}

void outbox::disconnect() { owner_.outbox_given_up(); }

void outbox::break_off(error_code why) {
    if (!failure_) failure_ = why;
    drop();
}

void outbox::drop() {
    sealed_ = true;
    queue_.clear();
    first_ = offset_ = queued_bytes_ = 0;
    refused_ = false;
    pump_.unread().unlist(*this);
    pump_.forget(*this);
    channel_.close();
    complete_write();
    checked();
}

void outbox::check_invariants() const {
    std::size_t bytes = 0;
    for (std::size_t i = first_; i < queue_.size(); ++i) bytes += queue_[i].frames->size();
    ensure(bytes == queued_bytes_ + offset_);
    ensure(first_ < queue_.size() ? offset_ <= queue_[first_].frames->size() : offset_ == 0);  // 2
    ensure(!failure_ || (sealed_ && queued_bytes_ == 0));                                      // 3
    ensure(queued_bytes_ == 0 || is_listed_for_writing() || waits_for_socket_);                // 4
    ensure(bound_ == 0 || bound_ == bytes_max_);                                               // 5
    const auto bytes_before = [this](const auto& member) {
        return reinterpret_cast<const std::byte*>(&member) -
               reinterpret_cast<const std::byte*>(static_cast<const chat::sink*>(this));
    };
    // Of the channel, its first cache line is touched.
    ensure(bytes_before(channel_) + 64 <= static_cast<std::ptrdiff_t>(touched_bytes));  // 6
}

}  // namespace parley::net
