// The channel over a real connection, plain and with TLS; the far end is Asio's own TLS stream,
// which shares no code.
#include "server/net/channel.hpp"

#include "server/net/outbox.hpp"

#include "tests/unit/catch.hpp"
#include "tests/unit/server/net/self_signed.hpp"
#include "tests/unit/within.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>

#include <csignal>
#include <deque>
#include <optional>
#include <string>

using namespace parley;
namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using net::channel;
using net::error_code;
using net::tcp;

namespace {

// Both ends of a connection within this process, with small kernel buffers, so that they fill soon.
struct line : net::outbox::owner {
    explicit line(bool with_tls = true) {
        std::signal(SIGPIPE, SIG_IGN);  // as the program does
        tcp::acceptor door(loop, {asio::ip::address_v4::loopback(), 0});
        tcp::socket socket(loop);
        auto& client = far.next_layer();
        client.open(tcp::v4());
        client.set_option(asio::socket_base::receive_buffer_size(16'384));
        client.connect(door.local_endpoint());
        door.accept(socket);
        socket.set_option(asio::socket_base::send_buffer_size(16'384));
        if (!with_tls) socket.non_blocking(true);
        near.emplace(std::move(socket), with_tls ? &identity : nullptr);
    }

    std::shared_ptr<void> alive() override { return std::make_shared<int>(); }
    void outbox_drained() override {}

    template <class Condition>
    void until(const std::string& what, Condition done) {
        test::run_until(loop, what, done);
    }
    void settle() {
        loop.restart();
        while (loop.poll() > 0) {
        }
    }

    std::optional<error_code> near_hands, far_hands;
    line& shake_hands() {
        near->shake_hands([this](error_code error) { near_hands = error; });
        far.async_handshake(ssl::stream_base::client,
                            [this](error_code error) { far_hands = error; });
        until("a handshake", [this] { return near_hands && far_hands; });
        REQUIRE_FALSE(*near_hands);
        REQUIRE_FALSE(*far_hands);
        return *this;
    }

    std::string receive(std::size_t size) {
        std::string out(size, '\0');
        std::optional<error_code> done;
        asio::async_read(far, asio::buffer(out),
                         [&](error_code error, std::size_t) { done = error; });
        until("an operation to end", [&] { return done.has_value(); });
        REQUIRE_FALSE(*done);
        return out;
    }

    void write_far(const std::string& bytes) {
        std::optional<error_code> done;
        asio::async_write(far, asio::buffer(bytes),
                          [&](error_code error, std::size_t) { done = error; });
        until("an operation to end", [&] { return done.has_value(); });
        REQUIRE_FALSE(*done);
    }

    // What one read at the near end gives.
    std::string read_near(std::size_t most, error_code& error) {
        std::string out(most, '\0');
        std::optional<std::size_t> size;
        near->async_read_some(asio::buffer(out),
                              [&](error_code why, std::size_t n) { error = why, size = n; });
        until("a read", [&] { return size.has_value(); });
        return out.substr(0, *size);
    }

    net::self_signed files;
    net::certificate identity{files.files()};
    asio::io_context loop{1};
    ssl::context trust{ssl::context::tls_client};
    ssl::stream<tcp::socket> far{loop, trust};
    std::optional<channel> near;
};

// What is left to be sent, as an outbox keeps it: it grows at its end and loses what was taken.
struct backlog {
    std::deque<std::string> all;
    std::size_t offset = 0;
    // Sends until the channel refuses; false: it has.
    bool send_to(channel& out) {
        while (!all.empty()) {
            std::vector<iovec> pieces;
            for (auto& one : all)
                if (pieces.size() < 64) pieces.push_back({one.data(), one.size()});
            pieces[0] = {all[0].data() + offset, all[0].size() - offset};
            error_code error;
            const std::size_t taken = out.send(pieces, error);
            if (error == asio::error::would_block) return false;
            REQUIRE_FALSE(error);
            for (offset += taken; !all.empty() && offset >= all[0].size(); all.pop_front())
                offset -= all[0].size();
        }
        return true;
    }
};

std::string fill(line& at) {
    backlog queue;
    std::string all;
    do {
        queue.all.assign(1, std::string(16'384, 'x'));
        queue.offset = 0;
        all += queue.all[0];
    } while (queue.send_to(*at.near));
    return all;
}

}  // namespace

TEST_CASE("both ends understand each other, TLS 1.2 or later") {
    line at;
    at.shake_hands();
    CHECK(SSL_version(at.far.native_handle()) >= TLS1_2_VERSION);
    error_code error;
    at.write_far("question");
    CHECK(at.read_near(100, error) == "question");
    backlog{{"ans", "wer"}}.send_to(*at.near);
    CHECK(at.receive(6) == "answer");
}

TEST_CASE("HTTP/1.1 is agreed on; who offers other protocols alone is refused") {
    for (const auto& [offered, expected] :
         {std::pair<std::string, bool>{"\x02h2\x08http/1.1", true}, {"\x02h2", false}}) {
        line at;
        const auto* const bytes = reinterpret_cast<const unsigned char*>(offered.data());
        SSL_set_alpn_protos(at.far.native_handle(), bytes, static_cast<unsigned>(offered.size()));
        at.near->shake_hands([&](error_code error) { at.near_hands = error; });
        at.far.async_handshake(ssl::stream_base::client,
                               [&](error_code error) { at.far_hands = error; });
        at.until("a handshake", [&] { return at.near_hands && (at.far_hands || *at.near_hands); });
        CHECK(!*at.near_hands == expected);
    }
}

TEST_CASE("versions before 1.2 are refused") {
    line at;
    SSL_set_min_proto_version(at.far.native_handle(), TLS1_VERSION);
    SSL_set_max_proto_version(at.far.native_handle(), TLS1_1_VERSION);
    SSL_set_security_level(at.far.native_handle(), 0);
    at.near->shake_hands([&](error_code error) { at.near_hands = error; });
    at.far.async_handshake(ssl::stream_base::client, [](error_code) {});
    at.until("a handshake", [&] { return at.near_hands.has_value(); });
    CHECK(*at.near_hands);
}

TEST_CASE("what OpenSSL has read is read to its end, although the socket has nothing more") {
    line at;
    at.shake_hands();
    const std::string sent(10'000, 'q');
    at.write_far(sent);
    std::string got;
    error_code error;
    while (got.size() < sent.size() && !error) got += at.read_near(100, error);
    CHECK(got == sent);
}

TEST_CASE("what was refused goes on where it was, whatever has come behind it since") {
    line at;
    at.shake_hands();
    backlog queue;
    std::string all;
    const auto add = [&](std::size_t size, char c) {
        queue.all.emplace_back(size, c);
        all.append(size, c);
    };
    bool refused = false;
    for (int round = 0; round < 20; ++round) {
        // One byte alone, small ones, one beyond a record: the piece that is offered again is never
        // the same.
        for (const std::size_t size : {1, 700, 20'000, 3, 5'000}) {
            add(size, static_cast<char>('a' + round % 26));
            refused = !queue.send_to(*at.near) || refused;
        }
    }
    CHECK(refused);
    std::string got;
    while (got.size() < all.size()) {
        got += at.receive(std::min<std::size_t>(3'000, all.size() - got.size()));
        queue.send_to(*at.near);
    }
    CHECK(got == all);
}

TEST_CASE("an outbox over TLS: everything in order, to a reader that is slow at first") {
    line at;
    at.shake_hands();
    const parley::shard::message_flow messages;
    net::pump pump(at.loop, messages, {.spacing = 0});
    net::outbox box(std::move(*at.near), "", 10'000'000, pump, at);
    box.open();
    std::string all;
    for (std::size_t i = 0; i < 800; ++i) {
        const std::string frame(1 + i * 7 % 1'500, static_cast<char>('a' + i % 26));
        box.push(std::make_shared<const std::string>(frame), i % 3 == 0);
        all += frame;
        if (i % 10 == 0) at.settle();
    }
    CHECK(box.queued_bytes() > 0);
    CHECK(at.receive(all.size()) == all);
    at.settle();
    CHECK(box.queued_bytes() == 0);
    CHECK_FALSE(box.failure());
}

TEST_CASE("an asynchronous write of several buffers arrives whole, through a full socket") {
    line at;
    at.shake_hands();
    const std::string before = fill(at);
    // What was refused is offered again by whoever goes on: here the last 16,384 bytes.
    const std::string last = before.substr(before.size() - 16'384), body(300'000, 'b');
    std::optional<error_code> done;
    const std::array<asio::const_buffer, 2> bytes{asio::buffer(last), asio::buffer(body)};
    asio::async_write(*at.near, bytes, [&](error_code error, std::size_t) { done = error; });
    CHECK(at.receive(before.size() + body.size()) == before + body);
    at.until("an operation to end", [&] { return done.has_value(); });
    CHECK_FALSE(*done);
}

TEST_CASE("a write that is cancelled while it waits ends the connection: it may be sent in part") {
    line at;
    at.shake_hands();
    const std::string last = fill(at).substr(0, 16'384);
    std::optional<error_code> done;
    asio::async_write(*at.near, asio::buffer(last),
                      [&](error_code error, std::size_t) { done = error; });
    at.settle();
    REQUIRE_FALSE(done);
    at.near->cancel();
    at.settle();
    CHECK(done == error_code(asio::error::operation_aborted));
    CHECK_FALSE(at.near->socket().is_open());
    error_code error;
    iovec piece{const_cast<char*>(last.data()), last.size()};
    CHECK(at.near->send({&piece, 1}, error) == 0);
    CHECK(error);
}

TEST_CASE("the end is said: the far end knows that nothing is missing") {
    line at;
    at.shake_hands();
    backlog{{"last words"}}.send_to(*at.near);
    at.near->shutdown_send();
    CHECK(at.receive(10) == "last words");
    char byte = 0;
    std::optional<error_code> end;
    at.far.async_read_some(asio::buffer(&byte, 1),
                           [&](error_code error, std::size_t) { end = error; });
    at.until("the end of the connection", [&] { return end.has_value(); });
    CHECK(*end == asio::error::eof);  // and not stream_truncated
}

TEST_CASE("the far end's close_notify is the end, and so is its silence") {
    for (const bool says_so : {true, false}) {
        line at;
        at.shake_hands();
        if (says_so)
            at.far.async_shutdown([](error_code) {});
        else
            at.far.next_layer().shutdown(tcp::socket::shutdown_send);
        error_code error;
        CHECK(at.read_near(100, error).empty());
        CHECK(error == asio::error::eof);
        at.near->close();
        at.settle();
    }
}

TEST_CASE("closing ends what waits, even when the socket was ready already") {
    line at;
    at.shake_hands();
    std::optional<error_code> done;
    char byte = 0;
    at.near->async_read_some(asio::buffer(&byte, 1),
                             [&](error_code error, std::size_t) { done = error; });
    at.settle();
    asio::post(at.loop,
               [&] { at.near->close(); });  // runs before the read, which has become ready by then
    std::optional<error_code> written;
    asio::async_write(at.far, asio::buffer("x", 1),
                      [&](error_code error, std::size_t) { written = error; });
    at.until("an operation to end", [&] { return done.has_value(); });
    CHECK(*done);
}

TEST_CASE("HTTP without TLS is recognised, so that it can be answered") {
    line at;
    at.near->shake_hands([&](error_code error) { at.near_hands = error; });
    const std::string question = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    at.far.next_layer().send(asio::buffer(question));
    at.until("a handshake", [&] { return at.near_hands.has_value(); });
    CHECK(*at.near_hands == boost::system::errc::wrong_protocol_type);
    CHECK_FALSE(at.near->is_secure());
    backlog{{"plain"}}.send_to(*at.near);
    char bytes[5];
    CHECK(at.far.next_layer().receive(asio::buffer(bytes)) == 5);
    CHECK(std::string(bytes, 5) == "plain");
}

TEST_CASE("what is neither fails, and so does a handshake that is cut off") {
    for (const std::string bytes : {"\x16\x03\x01 nonsense nonsense", "x"}) {
        line at;
        at.near->shake_hands([&](error_code error) { at.near_hands = error; });
        at.far.next_layer().send(asio::buffer(bytes));
        at.far.next_layer().shutdown(tcp::socket::shutdown_send);
        at.until("a handshake", [&] { return at.near_hands.has_value(); });
        CHECK(*at.near_hands);
    }
}

TEST_CASE("plain, the same calls go to the socket") {
    line at(false);
    CHECK_FALSE(at.near->is_secure());
    backlog{{"ans", "wer"}}.send_to(*at.near);
    char bytes[6];
    asio::read(at.far.next_layer(), asio::buffer(bytes));
    CHECK(std::string(bytes, 6) == "answer");
    at.far.next_layer().send(asio::buffer("question", 8));
    error_code error;
    CHECK(at.read_near(100, error) == "question");
    CHECK(sizeof(channel) == sizeof(tcp::socket) + sizeof(void*));
}
