// An outbox over a real connection, both ends of it in this process.
#pragma once

#include "server/net/outbox.hpp"
#include "server/shard/shard.hpp"
#include "tests/unit/catch.hpp"
#include "tests/unit/within.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace parley::tests {

namespace asio = boost::asio;
using net::tcp;
using namespace std::chrono_literals;

inline wire::shared_frame frame_of(std::string bytes) {
    return std::make_shared<const std::string>(std::move(bytes));
}

constexpr base::time_us to_us(std::chrono::milliseconds time) {
    return static_cast<base::time_us>(std::chrono::microseconds(time).count());
}

// With small kernel buffers, so that they fill soon.
struct line : net::outbox::owner {
    explicit line(std::chrono::milliseconds spacing = 0ms, std::size_t bytes_max = 1000,
                  std::string early = "", std::chrono::milliseconds commits_wait_max = 1h)
        : pump(loop, messages,
               {.spacing = to_us(spacing), .commits_wait_max = to_us(commits_wait_max)}) {
        tcp::acceptor acceptor(loop, {asio::ip::address_v4::loopback(), 0});
        tcp::socket near(loop);
        far.open(tcp::v4());
        far.set_option(asio::socket_base::receive_buffer_size(4096));
        far.connect(acceptor.local_endpoint());
        acceptor.accept(near);
        near.set_option(asio::socket_base::send_buffer_size(4096));
        box.emplace(std::move(near), std::move(early), bytes_max, pump, *this);
        box->open();
    }

    std::shared_ptr<void> alive() override { return std::make_shared<int>(); }
    void outbox_drained() override { ++drained; }

    // All that happens without anyone reading.
    void settle() {
        loop.restart();
        while (loop.poll() > 0) {
        }
    }

    // Reads at the far end, while the loop runs, until that many bytes have come.
    std::string receive(std::size_t size) {
        std::string out(size, '\0');
        bool done = false;
        asio::async_read(far, asio::buffer(out), [&](auto error, std::size_t) {
            REQUIRE_FALSE(error);
            done = true;
        });
        test::run_until(loop, std::to_string(size) + " bytes at the far end", [&] { return done; });
        return out;
    }

    // Writes as Beast does. The result is set when the write completes.
    std::shared_ptr<std::optional<net::error_code>> write(const std::string& bytes) {
        auto result = std::make_shared<std::optional<net::error_code>>();
        box->async_write_some(asio::buffer(bytes),
                              [result, size = bytes.size()](net::error_code error, std::size_t n) {
                                  CHECK(n == (error ? 0 : size));
                                  *result = error;
                              });
        return result;
    }

    asio::io_context loop{1};
    shard::message_flow messages;
    net::pump pump;
    tcp::socket far{loop};
    std::optional<net::outbox> box;
    int drained = 0;
};

}  // namespace parley::tests
