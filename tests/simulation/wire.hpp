// One connection between a browser and the server: two queues that keep their order, as TCP does.
#pragma once

#include "server/chat/peer.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>

namespace parley::simulation {

class wire final : public chat::peer {
public:
    std::deque<std::string> to_server;
    std::deque<std::string> to_browser;
    std::uint16_t close_code =
        0;                    // the server closes with it after all is delivered; 0: it does not
    bool overflowed = false;  // the outbox was fuller than it may be
    // Room -> the last event that the server sent; 0: the next may be any.
    std::map<std::string, std::uint64_t> last_sent;

    explicit wire(std::size_t outbox_bytes_max) : outbox_bytes_max_(outbox_bytes_max) {}

    void answer(std::string_view text) override {
        to_browser.emplace_back(text);
        grow(text.size());
    }
    void push(parley::wire::shared_frame frames) override;
    bool offer(const parley::wire::shared_frame& frames, chat::urgency) override {
        if (queued_ > outbox_bytes_max_) return false;
        push(frames);
        return true;
    }
    std::size_t queued_bytes() const override { return queued_; }
    void close(protocol::close_code code, std::string_view) override {
        if (close_code == 0) close_code = static_cast<std::uint16_t>(code);
    }

    std::string take_for_browser() {
        std::string next = std::move(to_browser.front());
        to_browser.pop_front();
        queued_ -= next.size();
        return next;
    }
    // True once after the outbox was too full and has drained below half.
    bool drained_now() {
        if (!overflowed || queued_ >= outbox_bytes_max_ / 2) return false;
        overflowed = false;
        return true;
    }

private:
    void grow(std::size_t bytes) {
        queued_ += bytes;
        overflowed = overflowed || queued_ > outbox_bytes_max_;
    }

    const std::size_t outbox_bytes_max_;
    std::size_t queued_ = 0;
};

// The payloads of unmasked WebSocket frames that lie behind each other.
template <class Take>
void split_frames(std::string_view rest, Take take) {
    while (!rest.empty()) {
        const auto byte = [&](std::size_t i) {
            return static_cast<std::size_t>(static_cast<unsigned char>(rest[i]));
        };
        std::size_t header = 2, size = byte(1);
        if (size >= 126) {
            const std::size_t digits = size == 126 ? 2 : 8;
            size = 0;
            for (std::size_t i = 0; i < digits; ++i) size = size << 8 | byte(header++);
        }
        take(rest.substr(header, size));
        rest.remove_prefix(header + size);
    }
}

inline void wire::push(parley::wire::shared_frame frames) {
    split_frames(*frames, [this](std::string_view payload) { answer(payload); });
}

}  // namespace parley::simulation
