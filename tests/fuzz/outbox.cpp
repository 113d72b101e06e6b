// Two outboxes on one pump, each over a real pair of sockets with small buffers, played by a
// script: frames, control frames as Beast writes them, reads at the far end, turns of the loop,
// cuts. After each move what has arrived is compared with what was queued, in order; and what the
// outbox says about itself with what the kernel took.
#include "server/net/outbox.hpp"
#include "tests/fuzz/promise.hpp"
#include "tests/fuzz/script.hpp"

#include <sys/socket.h>
#include <unistd.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace parley;
using fuzz::promise;
namespace asio = boost::asio;

namespace {

constexpr std::size_t bytes_max = 8'000;
constexpr std::size_t frame_bytes_max = 6'000;
constexpr std::size_t moves_max = 300;
constexpr base::time_us an_hour = 3'600'000'000;
constexpr std::size_t members = 1'000'000'000;  // of a room: its fan-out always waits for messages
constexpr int buffer_bytes = 4'608;             // the least that Linux gives

void make_pair(int (&ends)[2]) {
    promise(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0, "sockets can be had");
    for (const int end : ends)
        for (const int which : {SO_SNDBUF, SO_RCVBUF})
            ::setsockopt(end, SOL_SOCKET, which, &buffer_bytes, sizeof buffer_bytes);
}

struct loop_and_pump {
    explicit loop_and_pump(base::time_us spacing)
        : pump(loop, messages, {.spacing = spacing, .commits_wait_max = an_hour}) {
        pump.fan_out_with([this](auto, auto) {
            for (const auto& offer : std::exchange(owed, {})) offer();
            return chat::told{1, false};
        });
    }
    void settle() {
        loop.restart();
        while (loop.poll() > 0) {
        }
    }
    asio::io_context loop{1};
    shard::message_flow messages;
    net::pump pump;
    std::vector<std::function<void()>> owed;  // by rooms, at their next fan-out
};

class line final : public net::outbox::owner {
public:
    line(loop_and_pump& at, std::string early, bool answers_drained)
        : at_(at), answers_drained_(answers_drained) {
        int ends[2];
        make_pair(ends);
        far_ = ends[1];
        early_ = early;
        net::tcp::socket near(at.loop);
        near.assign(net::tcp::v4(), ends[0]);
        box_.emplace(std::move(near), std::move(early), bytes_max, at.pump, *this);
        box_->open();
    }
    ~line() {
        box_->drop();
        at_.settle();  // whoever waits is told before the outbox goes
        promise(!writing_, "a write always completes");
        box_.reset();
        hang_up();
    }

    std::shared_ptr<void> alive() override { return std::make_shared<int>(); }

    void outbox_drained() override {
        promise(owed_drained_, "`drained` comes only after the bound was passed, and once");
        promise(box_->queued_bytes() <= bytes_max / 2,
                "`drained` comes when half the bound is free");
        owed_drained_ = false;
        if (answers_drained_) push(100, false);  // as a room that catches up does
    }

    void push(std::size_t size, bool prompt) {
        const std::string bytes(size + 1, next_letter());
        if (!sealed_ && !is_broken()) sent_ += bytes;
        box_->push(std::make_shared<const std::string>(bytes), prompt);
        owed_drained_ = owed_drained_ || box_->is_over_bound();
    }

    // A broadcast, taken in the fan-out at the end of this turn.
    void broadcast(std::size_t size) {
        at_.owed.push_back([this, size] {
            const std::string bytes(size + 1, next_letter());
            const bool refused = box_->is_over_bound();
            if (!refused && !sealed_ && !is_broken()) sent_ += bytes;
            const bool taken = box_->offer(std::make_shared<const std::string>(bytes),
                                           chat::urgency::write_through);
            promise(taken != refused, "a broadcast is refused beyond the bound, and only there");
            owed_drained_ = owed_drained_ || box_->is_over_bound();
        });
        at_.pump.rooms_owe(members);
    }

    // Beast writes one piece at a time, and keeps it until it is told.
    void write(bool close) {
        if (writing_) return;
        const std::string bytes = (close ? '\x88' : '\x8a') + std::string(1, next_letter());
        const bool refused = sealed_ || is_broken();
        if (!refused) sent_ += bytes;
        const std::size_t end = sent_.size();
        sealed_ = sealed_ || close;
        writing_ = true;
        box_->async_write_some(
            asio::buffer(bytes), [this, refused, end](net::error_code error, std::size_t size) {
                promise(writing_, "a write completes once");
                writing_ = false;
                promise(size == (error ? 0 : 2), "a write is taken as a whole");
                promise(!refused || error,
                        "nothing is taken after a close frame, or when the connection is broken");
                if (is_broken() || refused) return;
                const std::size_t left = end - taken();
                promise(left <= (sealed_ ? 0 : bytes_max) || taken() >= end,
                        "a write completes within the bound");
            });
        owed_drained_ = owed_drained_ || box_->is_over_bound();
    }

    void drop() {
        dropped_ = true;
        box_->drop();
    }
    void hang_up() {
        if (far_ >= 0) ::close(far_);
        far_ = -1;
    }

    // At the far end. False: nothing there.
    bool receive(std::size_t size) {
        std::array<char, 65536> bytes;
        const ssize_t got =
            far_ < 0 ? -1 : ::recv(far_, bytes.data(), std::min(size, bytes.size()), MSG_DONTWAIT);
        if (got <= 0) return false;
        received_.append(bytes.data(), static_cast<std::size_t>(got));
        return true;
    }

    void send(std::string_view bytes) {
        if (far_ < 0 || bytes.empty()) return;
        const ssize_t size = ::send(far_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (size > 0) early_.append(bytes.substr(0, static_cast<std::size_t>(size)));
    }
    void read() {
        if (reading_ || is_broken()) return;
        reading_ = true;
        box_->async_read_some(asio::buffer(into_), [this](net::error_code error, std::size_t size) {
            reading_ = false;
            if (error) return;
            promise(early_.starts_with(std::string_view(into_.data(), size)),
                    "bytes are read in order, once");
            early_.erase(0, size);
        });
    }

    bool is_broken() const { return dropped_ || box_->failure(); }
    bool may_lose() const { return is_broken() || far_ < 0; }
    const std::string& received() const { return received_; }
    const std::string& sent() const { return sent_; }
    std::size_t taken() const { return sent_.size() - box_->queued_bytes(); }

    void check() const {
        promise(sent_.starts_with(received_), "what arrives is what was queued, in order");
        if (is_broken())
            promise(box_->queued_bytes() == 0, "a broken connection queues nothing");
        else
            promise(box_->queued_bytes() <= sent_.size() - received_.size(),
                    "what has arrived is not queued");
    }

    // Once nothing is left to do for the loop.
    void check_settled() const {
        if (is_broken()) return promise(!writing_, "a broken connection completes a write");
        const std::size_t queued = box_->queued_bytes();
        promise(!writing_ || (sealed_ ? queued > 0 : queued > bytes_max),
                "a write waits no longer than it must");
        promise(!owed_drained_ || queued > bytes_max / 2, "`drained` is not forgotten");
    }

private:
    char next_letter() { return letter_ = letter_ == 'z' ? 'a' : static_cast<char>(letter_ + 1); }

    loop_and_pump& at_;
    const bool answers_drained_;
    std::optional<net::outbox> box_;
    int far_ = -1;
    std::string early_;  // that the near end shall read
    std::string sent_, received_;
    std::array<char, 7> into_{};
    char letter_ = 'a';
    bool sealed_ = false, dropped_ = false, writing_ = false, reading_ = false,
         owed_drained_ = false;
};

void move(fuzz::script& input, loop_and_pump& at, line& on) {
    switch (const auto kind = input.byte() % 15; kind) {
        case 0:
        case 1: return on.push(input.number() % frame_bytes_max, kind == 0);
        case 2:
        case 3: return on.push(input.byte() % 16, kind == 2);
        case 4: return on.write(false);
        case 5: return static_cast<void>(on.receive(input.number()));
        case 6: return at.settle();
        case 7: at.loop.restart(); return static_cast<void>(at.loop.poll_one());
        case 8: return on.send(input.text(input.byte() % 16));
        case 9: return on.read();
        case 10: return on.write(true);
        case 12: return on.broadcast(input.number() % frame_bytes_max);
        case 13: return static_cast<void>(++at.messages.submitted);
        case 14: return static_cast<void>(at.messages.answered = at.messages.submitted);
        default: return input.byte() < 128 ? on.drop() : on.hang_up();
    }
}

// Reads all that comes, with one prompt byte behind what waits for the tick, and another behind
// what was pushed when the first had left.
void finish(loop_and_pump& at, line& on) {
    for (int times = 0; times < 2; ++times) {
        on.push(0, true);
        do at.settle();
        while (on.receive(65536));
        on.check();
    }
    promise(on.may_lose() || on.received() == on.sent(), "everything arrives");
}

}  // namespace

// First byte: bit 0: writes are spaced; bit 1: who is drained pushes more; bit 2: bytes were read
// too early.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::script input(data, size);
    const auto how = input.byte();
    loop_and_pump at(how & 1 ? an_hour : 0);
    std::array<std::unique_ptr<line>, 2> lines;
    for (auto& each : lines)
        each = std::make_unique<line>(at, how & 4 ? "early" : "", (how & 2) != 0);
    for (std::size_t moves = 0; !input.ended() && moves < moves_max; ++moves) {
        const auto which = input.byte();
        move(input, at, *lines[which & 1]);
        for (const auto& each : lines) each->check();
        if ((which & 2) == 0) continue;
        at.settle();
        for (const auto& each : lines) each->check_settled();
    }
    at.messages.answered = at.messages.submitted;
    at.pump.rooms_owe(0);
    for (const auto& each : lines) finish(at, *each);
    return 0;
}
