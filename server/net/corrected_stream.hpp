// The stream that Beast reads from and writes to: that of the outbox, corrected where Beast
// deviates from the standards (incoming_frames).
#pragma once

#include "server/net/outbox.hpp"
#include "server/wire/incoming_frames.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/beast/core/buffers_to_string.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace parley::net {

class corrected_stream {
public:
    // `compressed`: messages may be compressed. The other arguments are for the outbox.
    template <class... Args>
    explicit corrected_stream(bool compressed, Args&&... args)
        : frames_(compressed), box_(std::forward<Args>(args)...) {}

    wire::incoming_frames& frames() { return frames_; }

    // ---- AsyncStream, for Beast
    using executor_type = outbox::executor_type;
    using next_layer_type = outbox;
    executor_type get_executor() { return box_.get_executor(); }
    outbox& next_layer() { return box_; }
    const outbox& next_layer() const { return box_; }

    template <class Buffers, class Handler>
    void async_read_some(const Buffers& into, Handler&& handler) {
        auto read = [this, into, begun = false](auto& self, error_code error = {},
                                                std::size_t size = 0) mutable {
            if (!std::exchange(begun, true)) return box_.async_read_some(into, std::move(self));
            correct(into, size);
            self.complete(error, size);
        };
        boost::asio::async_compose<Handler, void(error_code, std::size_t)>(std::move(read), handler,
                                                                           get_executor());
    }

    template <class Buffers, class Handler>
    auto async_write_some(const Buffers& from, Handler&& handler) {
        if (!frames_.has_close())
            return box_.async_write_some(from, std::forward<Handler>(handler));
        std::string frame = boost::beast::buffers_to_string(from);  // the outbox copies it
        frames_.correct_answer(frame);
        return box_.async_write_some(boost::asio::buffer(frame), std::forward<Handler>(handler));
    }

private:
    template <class Buffers>
    void correct(const Buffers& from, std::size_t size) {
        const auto end = boost::asio::buffer_sequence_end(from);
        for (auto piece = boost::asio::buffer_sequence_begin(from); piece != end && size > 0;
             ++piece) {
            const boost::asio::mutable_buffer bytes(*piece);
            const std::size_t filled = std::min(size, bytes.size());
            frames_.correct(static_cast<char*>(bytes.data()), filled);
            size -= filled;
        }
    }

    wire::incoming_frames frames_;
    outbox box_;
};

inline void teardown(boost::beast::role_type role, corrected_stream& stream, error_code& error) {
    teardown(role, stream.next_layer(), error);
}
template <class Handler>
void async_teardown(boost::beast::role_type role, corrected_stream& stream, Handler&& handler) {
    async_teardown(role, stream.next_layer(), std::forward<Handler>(handler));
}

}  // namespace parley::net
