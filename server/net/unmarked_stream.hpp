// The stream that Beast reads from: the outbox's, and where permessage-deflate was negotiated
// without the marks of compressed messages. Writes pass through.
#pragma once

#include "server/net/compression_marks.hpp"
#include "server/net/outbox.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace parley::net {

class unmarked_stream {
public:
    // `compressed`: there may be marks. The rest is the outbox's.
    template <class... Args>
    explicit unmarked_stream(bool compressed, Args&&... args)
        : marks_(compressed ? std::make_unique<compression_marks>() : nullptr),
          box_(std::forward<Args>(args)...) {}

    // Null: there are none.
    compression_marks* marks() { return marks_.get(); }

    // ---- AsyncStream, for Beast
    using executor_type = outbox::executor_type;
    using next_layer_type = outbox;
    executor_type get_executor() { return box_.get_executor(); }
    outbox& next_layer() { return box_; }
    const outbox& next_layer() const { return box_; }

    template <class Buffers, class Handler>
    void async_read_some(const Buffers& into, Handler&& handler) {
        if (!marks_) return box_.async_read_some(into, std::forward<Handler>(handler));
        auto read = [this, into, begun = false](auto& self, error_code error = {},
                                                std::size_t size = 0) mutable {
            if (!std::exchange(begun, true)) return box_.async_read_some(into, std::move(self));
            remove_marks(into, size);
            self.complete(error, size);
        };
        boost::asio::async_compose<Handler, void(error_code, std::size_t)>(std::move(read), handler,
                                                                           get_executor());
    }

    template <class Buffers, class Handler>
    auto async_write_some(const Buffers& from, Handler&& handler) {
        return box_.async_write_some(from, std::forward<Handler>(handler));
    }

private:
    template <class Buffers>
    void remove_marks(const Buffers& from, std::size_t size) {
        const auto end = boost::asio::buffer_sequence_end(from);
        for (auto piece = boost::asio::buffer_sequence_begin(from); piece != end && size > 0;
             ++piece) {
            const boost::asio::mutable_buffer bytes(*piece);
            const std::size_t filled = std::min(size, bytes.size());
            marks_->remove_from(static_cast<char*>(bytes.data()), filled);
            size -= filled;
        }
    }

    std::unique_ptr<compression_marks> marks_;
    outbox box_;
};

inline void teardown(boost::beast::role_type role, unmarked_stream& stream, error_code& error) {
    teardown(role, stream.next_layer(), error);
}
template <class Handler>
void async_teardown(boost::beast::role_type role, unmarked_stream& stream, Handler&& handler) {
    async_teardown(role, stream.next_layer(), std::forward<Handler>(handler));
}

}  // namespace parley::net
