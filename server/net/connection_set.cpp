// Connections are kept in a list that knows each one's slot, so that leaving costs the same however
// many there are.
#include "server/net/connection_set.hpp"

#include "server/auth/tokens.hpp"
#include "server/log/log.hpp"
#include "server/net/http_session.hpp"

#include <malloc.h>

#include <utility>

namespace parley::net {
namespace {

// From `leave` to `drop`; with what the ledger still has to write, the server stops within 5 s.
constexpr auto patience = std::chrono::milliseconds(3000);

constexpr auto hold_max = std::chrono::milliseconds(10);  // of rooms, for messages on their way

constexpr std::size_t id_prefix_letters = 6;
constexpr chat::allowance refusals_told = chat::at_pace(100, 10);
constexpr chat::allowance events_told = chat::at_pace(1000, 20);

chat::time_us to_us(flusher::clock::duration passed) {
    return static_cast<chat::time_us>(
        std::chrono::duration_cast<std::chrono::microseconds>(passed).count());
}

}  // namespace

connection_set::connection_set(shard::shard& shard, const http::site& pages, auth::accounts& people,
                               connection_limits& limits, connection_settings settings)
    : shard_(shard),
      pages_(pages),
      people_(people),
      limits_(limits),
      settings_(std::move(settings)),
      api_(
          shard.hub(), people, [door = shard.door()](auto act) { door->post(std::move(act)); },
          shard::steady_clock_ms, settings_.origins, settings_.guests, settings_.cookies),
      writes_(shard.loop(), settings_.spacing, shard.log().messages(), hold_max,
              settings_.unread_bytes_max),
      second_(shard.loop()),
      patience_(shard.loop()),
      id_prefix_(auth::random_letters(id_prefix_letters)) {
    writes_.tell_before_writing(
        [&hub = shard.hub()](flusher::clock::time_point now, flusher::clock::duration spacing) {
            return hub.tell_rooms(to_us(now.time_since_epoch()), to_us(spacing));
        });
    shard.log().when_room_opened([this](const chat::open_room& room) {
        if (tells_one_more_event())
            log::info("room made", {{"room", room.room}, {"user", room.author}});
    });
    shard.hub().when_owing([this](std::size_t members) { writes_.rooms_owe(members); });
    tick();
}

connection_set::~connection_set() {
    leaving_ = true;  // who still waits at the door stays outside
    drop_all();
    second_.cancel();
    patience_.cancel();
    // What was cancelled completes here, while all that it refers to still stands.
    shard_.loop().restart();
    shard_.loop().poll();
    shard_.hub().when_owing([](std::size_t) {});
    shard_.log().when_room_opened([](const chat::open_room&) {});
}

void connection_set::take(boost::asio::ip::tcp::socket socket, net::tickets tickets, int refusal) {
    struct accepted {
        boost::asio::ip::tcp::socket socket;
        net::tickets tickets;
    };
    auto handed = std::make_shared<accepted>(accepted{std::move(socket), std::move(tickets)});
    open_.fetch_add(1, std::memory_order_relaxed);
    shard_.door()->post([this, handed, refusal] {
        open_.fetch_sub(1, std::memory_order_relaxed);
        if (!leaving_)
            http_session::begin(std::move(handed->socket), std::move(handed->tickets), refusal,
                                *this);
    });
}

void connection_set::keep(std::shared_ptr<connection> one) {
    one->slot_ = connections_.size();
    counters_.opened[static_cast<std::size_t>(one->kind_)].add();
    connections_.push_back(std::move(one));
    open_.fetch_add(1, std::memory_order_relaxed);
}

void connection_set::release(connection& one) {
    if (one.slot_ >= connections_.size() || connections_[one.slot_].get() != &one) return;
    const auto last = std::move(connections_[one.slot_]);  // lives until the list is in order
    if (one.slot_ + 1 < connections_.size()) {
        connections_[one.slot_] = std::move(connections_.back());
        connections_[one.slot_]->slot_ = one.slot_;
    }
    connections_.pop_back();
    open_.fetch_sub(1, std::memory_order_relaxed);
    counters_.closed[static_cast<std::size_t>(one.kind_)].add();
    if (leaving_ && connections_.empty()) patience_.cancel();
}

bool connection_set::tells_one_more_refusal() {
    return told_refusals_.take(refusals_told, shard::steady_clock_ms()) == 0;
}

bool connection_set::tells_one_more_failure() {
    return told_failures_.take(refusals_told, shard::steady_clock_ms()) == 0;
}

bool connection_set::tells_one_more_event() {
    return told_events_.take(events_told, shard::steady_clock_ms()) == 0;
}

void connection_set::tick() {
    second_.expires_after(std::chrono::seconds(1));
    second_.async_wait([this](boost::system::error_code error) {
        if (error || (leaving_ && connections_.empty())) return;
        const auto now = connection::clock::now();
        // Backwards, because a connection that ends here is replaced by the last one.
        for (std::size_t i = connections_.size(); i-- > 0;)
            if (i < connections_.size()) connections_[i]->tick(now);
        if (writes_.unread().take_relief()) malloc_trim(0);
        tick();
    });
}

void connection_set::drain() {
    shard_.door()->post([this] { begin_drain(); });
}

void connection_set::begin_drain() {
    leaving_ = true;
    shard_.hub().say_bye(protocol::close_code::going_away, "the server stops");
    const auto everyone = connections_;
    for (const auto& one : everyone) one->leave();
    patience_.expires_after(patience);
    patience_.async_wait([this](boost::system::error_code) {
        drop_all();
        second_.cancel();
        shard_.finish();
    });
    if (connections_.empty()) patience_.cancel();
}

void connection_set::drop_all() {
    const auto everyone = connections_;
    for (const auto& one : everyone) one->drop();
}

}  // namespace parley::net
