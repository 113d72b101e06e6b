// Each connection knows its slot in the list, so that it leaves at the same cost however many there
// are.
#include "server/net/connection_set.hpp"

#include "server/auth/tokens.hpp"
#include "server/base/clock.hpp"
#include "server/log/log.hpp"
#include "shared/ensure.hpp"

#include <malloc.h>

#include <utility>

namespace parley::net {
namespace {

// From `leave` to `drop`; with what the ledger still has to write, the server stops within 5 s.
constexpr auto drain_patience = std::chrono::milliseconds(3000);

constexpr std::size_t id_prefix_letters = 6;
constexpr base::allowance refusals_logged = base::allowance::per_second(100, 10);
constexpr base::allowance events_logged = base::allowance::per_second(1000, 20);

pump_settings pump_settings_of(const connection_settings& settings) {
    return {.spacing = static_cast<base::time_us>(
                std::chrono::duration_cast<std::chrono::microseconds>(settings.spacing).count()),
            .unread_bytes_max = settings.unread_bytes_max};
}

}  // namespace

connection_set::connection_set(shard::shard& shard, const http::site& pages,
                               auth::accounts& accounts, connection_limits& limits,
                               connection_settings settings)
    : shard_(shard),
      pages_(pages),
      accounts_(accounts),
      limits_(limits),
      settings_(std::move(settings)),
      api_(
          shard.hub(), accounts, [door = shard.door()](auto act) { door->post(std::move(act)); },
          base::steady_clock_ms, settings_.origins, settings_.guests, settings_.cookies),
      pump_(shard.loop(), shard.ledger().messages(), pump_settings_of(settings_)),
      second_(shard.loop()),
      drain_timer_(shard.loop()),
      id_prefix_(auth::random_letters(id_prefix_letters)) {
    pump_.fan_out_with([&hub = shard.hub()](base::time_us now, base::time_us spacing) {
        return hub.tell_rooms(now, spacing);
    });
    shard.ledger().when_room_opened([this](const chat::authored<protocol::create_room>& room) {
        if (may_log_event()) log::info("room made", {{"room", room.room}, {"user", room.by.user}});
    });
    shard.hub().when_owing([this](std::size_t members) { pump_.rooms_owe(members); });
    tick();
}

connection_set::~connection_set() {
    ensure(!shard_.is_running());
    leaving_ = true;  // connections that were accepted, and not begun, end here
    drop_all();
    second_.cancel();
    drain_timer_.cancel();
    // Cancelled operations complete here, while everything that they refer to still stands.
    shard_.loop().restart();
    shard_.loop().poll();
    shard_.hub().when_owing([](std::size_t) {});
    shard_.ledger().when_room_opened([](const chat::authored<protocol::create_room>&) {});
}

void connection_set::post_accepted(std::function<void()> begin) {
    shard_.door()->post([this, begin = std::move(begin)] {
        if (!leaving_) begin();
    });
}

void connection_set::keep(std::shared_ptr<connection> newcomer) {
    newcomer->slot_ = connections_.size();
    counters_.opened[static_cast<std::size_t>(newcomer->kind_)].add();
    connections_.push_back(std::move(newcomer));
}

void connection_set::release(connection& leaver) {
    const std::size_t slot = leaver.slot_;
    if (slot >= connections_.size() || connections_[slot].get() != &leaver) return;
    const auto alive = std::move(connections_[slot]);  // until the list is in order
    if (slot + 1 < connections_.size()) {
        connections_[slot] = std::move(connections_.back());
        connections_[slot]->slot_ = slot;
    }
    connections_.pop_back();
    counters_.closed[static_cast<std::size_t>(leaver.kind_)].add();
    if (leaving_ && connections_.empty()) drain_timer_.cancel();
}

bool connection_set::may_log_refusal() {
    return logged_refusals_.take(refusals_logged, base::steady_clock_ms()) == 0;
}

bool connection_set::may_log_failure() {
    return logged_failures_.take(refusals_logged, base::steady_clock_ms()) == 0;
}

bool connection_set::may_log_event() {
    return logged_events_.take(events_logged, base::steady_clock_ms()) == 0;
}

void connection_set::tick() {
    second_.expires_after(std::chrono::seconds(1));
    second_.async_wait([this](boost::system::error_code error) {
        if (error || (leaving_ && connections_.empty())) return;
        const base::steady_ms now = base::steady_clock_ms();
        // Backwards, because a connection that ends here is replaced by the last one.
        for (std::size_t i = connections_.size(); i-- > 0;)
            if (i < connections_.size()) connections_[i]->tick(now);
        if (pump_.unread().take_relief()) malloc_trim(0);
        tick();
    });
}

void connection_set::drain() {
    shard_.door()->post([this] { begin_drain(); });
}

// The timer ends the shard: it expires when connections take too long, and is cancelled when the
// last one has left.
void connection_set::begin_drain() {
    leaving_ = true;
    shard_.hub().say_bye(protocol::close_code::going_away, "the server stops");
    const auto all = connections_;
    for (const auto& one : all) one->leave();
    drain_timer_.expires_after(drain_patience);
    drain_timer_.async_wait([this](boost::system::error_code) {
        drop_all();
        second_.cancel();
        shard_.finish();
    });
    if (connections_.empty()) drain_timer_.cancel();
}

void connection_set::drop_all() {
    const auto all = connections_;
    for (const auto& one : all) one->drop();
}

}  // namespace parley::net
