// Writes go straight to the kernel, without waiting; only when it takes no more is Asio asked to
// say when it will.
#include "server/net/outbox.hpp"

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

outbox::outbox(channel through, std::string early, std::size_t bytes_max, flusher& writes,
               owner& of)
    : writes_(writes),
      channel_(std::move(through)),
      bound_(bytes_max),
      bytes_max_(bytes_max),
      owner_(of),
      early_(std::move(early)) {
    error_code ignored;  // a socket that is dead already fails at its first use
    next_layer().non_blocking(true, ignored);
}

outbox::~outbox() {
    writes_.unread().unlist(*this);
    writes_.forget(*this);
}

void outbox::push(chat::shared_frame frames, bool prompt, content of) {
    if (takes()) append(std::move(frames), prompt, of);
}

bool outbox::offer(const chat::shared_frame& frames, chat::urgency when) {
    if (is_over_bound()) return false;
    if (when == chat::urgency::write_through && queued_bytes_ == 0 && takes() &&
        writes_.is_due(written_at()))
        write_through(frames, writes_.now());
    else
        push(frames, when == chat::urgency::prompt, content::events);
    return true;
}

void outbox::write_through(const chat::shared_frame& frames, flusher::clock::time_point now) {
    const iovec all{const_cast<char*>(frames->data()), frames->size()};
    error_code error;  // comes again, with the rest
    const std::size_t taken = send({&all, 1}, now, error);
    if (taken < frames->size()) append(frames, true, content::events, taken);
}

// REQUIRES: nothing is queued, when some of it was sent already.
void outbox::append(chat::shared_frame frames, bool prompt, content of, std::size_t sent) {
    queued_bytes_ += frames->size() - sent;
    if (sent > 0) offset_ = sent;
    queue_.push_back({std::move(frames), of});
    // A burst within one turn does not make a slow reader: what the kernel takes now does not
    // count.
    if (is_over_bound() && !waits_for_socket_) write(flusher::clock::now());
    if (is_over_bound()) was_over_ = true;
    writes_.counters().queued.reach(queued_bytes_);
    if (waits_for_socket_)
        writes_.unread().count(*this);
    else if (!failure_)
        writes_.enlist(*this, prompt);
}

error_code outbox::accept_piece(const chat::shared_frame& piece) {
    if (sealed_) return boost::asio::error::operation_aborted;
    append(piece, true, content::other);
    if (static_cast<unsigned char>(piece->front()) == close_frame_byte) sealed_ = true;
    return failure_;
}

void outbox::complete_write() {
    if (!parked_write_ || !may_complete_write()) return;
    std::exchange(parked_write_, nullptr)->complete();
}

void outbox::write(flusher::clock::time_point now) {
    while (queued_bytes_ > 0 && !waits_for_socket_) {
        error_code error;
        const std::size_t taken = send_some(now, error);
        if (error == boost::asio::error::would_block) return wait_writable(now);
        if (error) return break_off(error);
        consume(taken);
    }
}

void outbox::flush(flusher::clock::time_point now) {
    prompt_ = false;
    write(now);
    if (failure_) return;
    complete_write();
    if (!was_over_ || queued_bytes_ > bound_ / 2) return;
    was_over_ = false;
    if (std::exchange(bound_, bytes_max_) == 0) writes_.unread().unlist(*this);
    owner_.outbox_drained();
}

std::size_t outbox::send(std::span<const iovec> pieces, flusher::clock::time_point now,
                         error_code& error) {
    const std::size_t taken = channel_.send(pieces, error);
    if (error) return 0;
    written_at_ = now;
    has_written_ = true;
    refused_ = false;
    writes_.counters().writes.add();
    writes_.counters().bytes.add(taken);
    return taken;
}

std::size_t outbox::send_some(flusher::clock::time_point now, error_code& error) {
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

void outbox::wait_writable(flusher::clock::time_point now) {
    if (!refused_) refused_at_ = now;
    writes_.unread().list(*this, !refused_);
    waits_for_socket_ = refused_ = true;
    channel_.when_writable([this, alive = owner_.alive()](error_code error) {
        waits_for_socket_ = false;
        if (!error) flush(flusher::clock::now());
        if (!waits_for_socket_) writes_.unread().unlist(*this);
    });
}

// Until it is empty, nothing more is taken that the peer could be told later.
void outbox::fall_behind() {
    writes_.counters().overdue.add();
    bound_ = 0;
    was_over_ = true;
    if (owner_.outbox_overdue()) forget_events();
}

// What the channel may have encrypted stays (net/channel, invariant 1), and what was sent in part.
void outbox::forget_events() {
    std::size_t kept = 0;  // of what the channel was offered
    const auto stays = [&](const element& one) {
        const bool begun = kept < channel::refused_bytes_max;
        kept += one.frames->size() - (kept == 0 ? offset_ : 0);
        return begun || one.of != content::events;
    };
    auto to = queue_.begin() + static_cast<std::ptrdiff_t>(first_);
    for (auto from = to; from != queue_.end(); ++from) {
        const bool stays_here = stays(*from);
        if (!stays_here) queued_bytes_ -= from->frames->size();
        if (stays_here) *to++ = std::move(*from);
    }
    queue_.erase(to, queue_.end());
    queue_.shrink_to_fit();
}

void outbox::disconnect() {
    writes_.counters().disconnected.add();
    owner_.outbox_given_up();
}

void outbox::break_off(error_code why) {
    if (!failure_) failure_ = why;
    drop();
}

void outbox::drop() {
    sealed_ = true;
    queue_.clear();
    first_ = offset_ = queued_bytes_ = 0;
    refused_ = false;
    writes_.unread().unlist(*this);
    writes_.forget(*this);
    channel_.close();
    complete_write();
}

}  // namespace parley::net
