// Shards and their connection sets are built and attached to the bus before any thread starts.
#include "server/server.hpp"

#include "server/auth/direct_room_name.hpp"
#include "server/auth/tokens.hpp"
#include "server/base/clock.hpp"
#include "server/log/log.hpp"
#include "server/metrics_page.hpp"
#include "server/process.hpp"
#include "server/service_notices.hpp"
#include "shared/ensure.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace parley {
namespace {

// Nonces of two starts never collide.
constexpr std::size_t node_letters = 12;

// A page that is being read: its events, and the frame that is built from them.
constexpr std::size_t page_bytes_max = 2 * protocol::limits::frame_out_bytes_max;

// From the first signal to the end of the shards, whatever they wait for. Then the ledger still
// writes what it has accepted.
constexpr auto stopping_patience = std::chrono::milliseconds(4000);

storage::ledger_settings ledger_settings_of(const config::config& settings) {
    storage::ledger_settings out;
    out.sync = settings.sync_full ? storage::durability::full : storage::durability::normal;
    return out;
}

http::guest_policy guest_policy_of(const config::config& settings) {
    if (!settings.guests) return http::guest_policy::off;
    return settings.guests_wanted ? http::guest_policy::on : http::guest_policy::direct;
}

std::optional<std::filesystem::path> checked_directory(
    const std::optional<std::filesystem::path>& directory) {
    std::error_code ignored;
    if (directory && !std::filesystem::is_directory(*directory, ignored))
        throw std::runtime_error("--static " + directory->string() + " is no directory");
    return directory;
}

// REQUIRES: each text is a network; config::parse has checked that.
std::vector<base::network> networks_of(const std::vector<std::string>& texts) {
    std::vector<base::network> out;
    out.reserve(texts.size());
    for (const std::string& text : texts) {
        const auto network = base::parse_network(text);
        ensure(network.has_value());
        out.push_back(*network);
    }
    return out;
}

// Brings the hints of the bus to one shard, through its mailbox.
class mailbox_receiver final : public bus::local_bus::receiver {
public:
    explicit mailbox_receiver(shard::shard& shard) : mailbox_(shard.door()), hub_(shard.hub()) {}

    void hear(chat::hint_list hints) override {
        const bool may_be_lost = std::all_of(
            hints.begin(), hints.end(), [](const auto& hint) { return chat::may_be_lost(*hint); });
        auto receive = [&hub = hub_, hints = std::move(hints)] {
            for (const auto& hint : hints) hub.receive(*hint);
        };
        if (may_be_lost)
            mailbox_->offer_passing(std::move(receive));
        else
            mailbox_->offer(std::move(receive));
    }

private:
    const std::shared_ptr<shard::mailbox> mailbox_;
    chat::hub& hub_;
};

}  // namespace

server::server(const config::config& settings)
    : address_(settings.listen),
      limits_{net::tally(settings.connections_max),
              net::tally(settings.connections_per_address_max),
              net::tally(settings.connections_per_user_max)},
      listener_(loop_, settings.listen, settings.listening_socket, limits_),
      certificate_(settings.tls ? std::optional<net::certificate>(std::in_place, *settings.tls)
                                : std::nullopt),
      ledger_(settings.data, announcer_, ledger_settings_of(settings)),
      accounts_(ledger_, base::steady_clock_ms),
      site_({http::embedded_assets(), checked_directory(settings.static_dir)}, state(),
            settings.base_path, http::metrics_access(settings.metrics_from)) {
    build_shards(settings);
    for (const int signal : {SIGTERM, SIGINT}) add_unless_ignored(signals_, signal);
}

server::~server() {
    for (const auto& shard : shards_) shard->halt();
    for (const auto& shard : shards_) shard->join();
}

void server::build_shards(const config::config& settings) {
    const std::size_t share = settings.outbox_total_bytes / settings.shards;
    const std::size_t share_for_pages = share / 4;
    const net::connection_settings for_connections{
        .origins = settings.origins,
        .proxies = networks_of(settings.proxies),
        .base_path = settings.base_path,
        .guests = guest_policy_of(settings),
        .cookies = {.port = listener_.port(), .path = settings.base_path},
        .echo_bytes_max = settings.echo_bytes_max,
        .outbox_bytes_max = settings.chat.outbox_bytes_max,
        .unread_bytes_max = share - share_for_pages,
        .spacing = settings.spacing,
        .bytes = settings.chat.bytes(),
        .control_frames = settings.chat.control_frames(),
        .compressed_connections = settings.compress ? &compressed_connections_ : nullptr,
        .identity = certificate_ ? &*certificate_ : nullptr};
    for (std::size_t i = 0; i < settings.shards; ++i) {
        chat::settings chat = settings.chat;
        chat.node = auth::random_letters(node_letters);
        chat.name_direct_room = auth::direct_room_name;
        chat.pages_under_way_max = std::max<std::size_t>(share_for_pages / page_bytes_max, 1);
        auto& shard =
            shards_.emplace_back(std::make_unique<shard::shard>(i, ledger_, bus_, std::move(chat)));
        connection_sets_.push_back(std::make_unique<net::connection_set>(*shard, site_, accounts_,
                                                                         limits_, for_connections));
        bus_.attach(std::make_unique<mailbox_receiver>(*shard));
        mailboxes_.add(shard->door());
    }
}

std::string server::url() const {
    const config::listen_address address{address_.host, listener_.port()};
    return address.url(certificate_.has_value()) + site_.base_path().substr(1);
}

void server::run() {
    wait_for_signal();
    add_unless_ignored(certificate_ ? renewals_ : signals_, SIGHUP);
    if (certificate_) wait_for_renewal();
    if (certificate_ && is_ignored(SIGHUP))
        log::info(
            "SIGHUP is ignored, as it was at the start: a renewed certificate is read only at the "
            "next start");
    running_shards_ = shards_.size();
    for (const auto& shard : shards_)
        shard->start([this] { boost::asio::post(loop_, [this] { shard_ended(); }); });
    std::vector<net::connection_set*> connection_sets;
    for (const auto& set : connection_sets_) connection_sets.push_back(set.get());
    listener_.start(std::move(connection_sets));
    notify_service_manager("READY=1\nSTATUS=Serving " + url());
    loop_.run();
}

void server::shard_ended() {
    if (--running_shards_ > 0) return;
    patience_.cancel();
    signals_.cancel();
    renewals_.cancel();
}

void server::wait_for_renewal() {
    renewals_.async_wait([this](boost::system::error_code error, int) {
        if (error || running_shards_ == 0) return;
        try {
            certificate_->reload();
            log::info("the certificate was read again");
        } catch (const std::exception& why) {
            log::error("the certificate stays as it was", {{"why", why.what()}});
        }
        wait_for_renewal();
    });
}

void server::wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code error, int) {
        if (error) return;
        log::info("stopping");
        stops_ = true;
        // A second signal does not wait for anything.
        signals_.async_wait([](boost::system::error_code again, int signal) {
            if (!again) std::_Exit(128 + signal);
        });
        stop();
    });
}

void server::stop() {
    notify_service_manager("STOPPING=1\nSTATUS=Closing connections");
    listener_.stop();
    for (const auto& set : connection_sets_) set->drain();
    patience_.expires_after(stopping_patience);
    patience_.async_wait([this](boost::system::error_code error) {
        if (error) return;
        for (const auto& shard : shards_) shard->halt();
    });
}

http::state_of_server server::state() {
    using stage = storage::background_check::stage;
    return {[this] { return ledger_.health(); }, [this] { return ledger_.data_check().damage; },
            [this] { return ledger_.data_check().now == stage::running; },
            [this] { return stops_.load(); },
            [this] {
                return metrics_page({shards_, connection_sets_, ledger_, announcer_.counters(),
                                     accounts_, compressed_connections_,
                                     certificate_ ? &*certificate_ : nullptr});
            }};
}

}  // namespace parley
