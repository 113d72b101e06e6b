// Shards and gates are made first, the bus learns of them, and only then a thread starts.
#include "server/server.hpp"

#include "server/auth/tokens.hpp"
#include "server/http/metrics.hpp"

#include <spdlog/spdlog.h>
#include <boost/asio/post.hpp>

#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace parley {
namespace {

// Nonces of one start never meet those of another.
constexpr std::size_t nonce_prefix_letters = 12;

// From the first signal to the end of the shards, whatever they wait for; then the ledger writes what it has taken.
constexpr auto stopping_patience = std::chrono::milliseconds(4000);

storage::ledger_settings ledger_settings_of(const config::config& how) {
    storage::ledger_settings out;
    out.sync = how.sync_full ? storage::durability::full : storage::durability::normal;
    return out;
}

http::guest_policy guest_policy_of(const config::config& how) {
    if (!how.guests) return http::guest_policy::off;
    return how.guests_wanted ? http::guest_policy::on : http::guest_policy::direct;
}

std::optional<std::filesystem::path> checked_directory(const std::optional<std::filesystem::path>& wanted) {
    std::error_code ignored;
    if (wanted && !std::filesystem::is_directory(*wanted, ignored))
        throw std::runtime_error("--static " + wanted->string() + " is no directory");
    return wanted;
}

std::string commit_histogram(const storage::writer_counters& stored) {
    std::vector<std::uint64_t> counts;
    for (const chat::counter& one : stored.commit_ms) counts.push_back(one.value());
    return http::metrics_text({"parley_commit_seconds", "Time that a transaction took, until it was on disk",
                               stored.commit_ms_bounds, counts, stored.commit_us.value()});
}

}  // namespace

server::server(const config::config& how)
    : where_(how.listen),
      listener_(loop_, how.listen, how.connections_max),
      ledger_(how.data, bus_, ledger_settings_of(how)),
      accounts_(ledger_, shard::wall_clock_ms),
      site_({http::embedded_assets(), checked_directory(how.static_dir)}, state()) {
    make_shards(how);
}

server::~server() {
    for (const auto& one : shards_) one->halt();
    for (const auto& one : shards_) one->join();
}

void server::make_shards(const config::config& how) {
    const net::gate_settings gate_settings{how.origins, guest_policy_of(how), how.echo_bytes_max,
                                           how.chat.outbox_bytes_max, how.spacing};
    for (std::size_t i = 0; i < how.shards; ++i) {
        chat::settings chat = how.chat;
        chat.nonce_prefix = auth::random_letters(nonce_prefix_letters);
        auto& made = shards_.emplace_back(std::make_unique<shard::shard>(i, ledger_, bus_, std::move(chat)));
        gates_.push_back(std::make_unique<net::gate>(*made, site_, accounts_, gate_settings));
        bus_.attach([door = made->door(), &hub = made->hub()](std::shared_ptr<const chat::hint> what) {
            // The end of a session is not in the log of any room: it cannot be read later.
            const bool may_be_lost = !std::holds_alternative<chat::session_ended>(*what);
            auto hear = [&hub, what = std::move(what)] { hub.receive(*what); };
            if (may_be_lost)
                door->offer(std::move(hear));
            else
                door->post(std::move(hear));
        });
    }
}

std::string server::url() const { return config::listen_address{where_.host, listener_.port()}.url(); }

void server::run() {
    wait_for_signal();
    running_ = shards_.size();
    for (const auto& one : shards_) one->start([this] { boost::asio::post(loop_, [this] { shard_ended(); }); });
    std::vector<net::gate*> gates;
    for (const auto& one : gates_) gates.push_back(one.get());
    listener_.start(std::move(gates));
    loop_.run();
}

void server::shard_ended() {
    if (--running_ > 0) return;
    patience_.cancel();
    signals_.cancel();
}

void server::wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code error, int) {
        if (error) return;
        spdlog::info("stopping");
        stops_ = true;
        // A second signal does not wait for anything.
        signals_.async_wait([](boost::system::error_code again, int signal) {
            if (!again) std::_Exit(128 + signal);
        });
        stop();
    });
}

void server::stop() {
    listener_.stop();
    for (const auto& one : gates_) one->drain();
    patience_.expires_after(stopping_patience);
    patience_.async_wait([this](boost::system::error_code error) {
        if (error) return;
        for (const auto& one : shards_) one->halt();
    });
}

http::state_of_server server::state() {
    return {[this] { return ledger_.health(); }, [this] { return stops_.load(); }, [this] { return metrics(); }};
}

std::string server::metrics() const {
    std::uint64_t connections = 0, rooms = 0, requests = 0, refusals = 0, broadcasts = 0, deliveries = 0, behind = 0,
                  writes = 0, bytes = 0;
    for (const auto& one : gates_) {
        connections += one->open();
        writes += one->written().writes.value();
        bytes += one->written().bytes.value();
    }
    for (const auto& one : shards_) {
        const chat::counters& counted = std::as_const(*one).hub().counted();
        rooms += one->rooms();
        requests += counted.requests.value();
        refusals += counted.refusals.value();
        broadcasts += counted.broadcasts.value();
        deliveries += counted.deliveries.value();
        behind += counted.behind.value();
    }
    const storage::writer_counters& stored = ledger_.counted();
    const http::metric all[] = {
        {"parley_connections", "gauge", "Connections that are open", connections},
        {"parley_rooms", "gauge", "Rooms that somebody is in, summed over the shards", rooms},
        {"parley_requests_total", "counter", "Requests of clients", requests},
        {"parley_refusals_total", "counter", "Requests answered with an error", refusals},
        {"parley_broadcasts_total", "counter", "Runs of events told to a shard", broadcasts},
        {"parley_deliveries_total", "counter", "Events queued for a connection", deliveries},
        {"parley_behind_total", "counter", "Times a connection read too slowly", behind},
        {"parley_writes_total", "counter", "System calls that wrote to a WebSocket", writes},
        {"parley_written_bytes_total", "counter", "Bytes written to WebSockets", bytes},
        {"parley_commits_total", "counter", "Transactions on disk", stored.groups.value()},
        {"parley_commands_total", "counter", "Commands in them", stored.commands.value()},
        {"parley_failed_commits_total", "counter", "Transactions that were rolled back", stored.groups_failed.value()},
        {"parley_last_commit_commands", "gauge", "Commands in the last transaction", stored.last_group.load()},
        {"parley_broadcasts_encoded_total", "counter", "Runs of events, each encoded once", stored.broadcasts.value()},
        {"parley_frames_encoded_total", "counter", "Frames of broadcasts, each framed once", stored.frames.value()},
    };
    return http::metrics_text(all) + commit_histogram(stored);
}

}  // namespace parley
