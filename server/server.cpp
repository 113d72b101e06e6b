// Shards and their sets of connections are made first, the bus learns of them, and only then a
// thread starts.
#include "server/server.hpp"

#include "server/auth/tokens.hpp"
#include "server/base/clock.hpp"
#include "server/log/log.hpp"
#include "server/metrics_page.hpp"
#include "server/process.hpp"
#include "server/service_notices.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace parley {
namespace {

// Nonces of one start never meet those of another.
constexpr std::size_t nonce_prefix_letters = 12;

// A page of the ledger: its events, and the frame that is made of them.
constexpr std::size_t page_bytes_max = 2 * protocol::limits::frame_out_bytes_max;

// From the first signal to the end of the shards, whatever they wait for; then the ledger writes
// what it has taken.
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

std::optional<std::filesystem::path> checked_directory(
    const std::optional<std::filesystem::path>& wanted) {
    std::error_code ignored;
    if (wanted && !std::filesystem::is_directory(*wanted, ignored))
        throw std::runtime_error("--static " + wanted->string() + " is no directory");
    return wanted;
}

// REQUIRES: each is one (config has seen to that).
std::vector<base::network> networks_of(const std::vector<std::string>& texts) {
    std::vector<base::network> out;
    out.reserve(texts.size());
    for (const std::string& text : texts) out.push_back(base::parse_network(text).value());
    return out;
}

// Brings the hints of the bus to one shard, through its mailbox.
class mailbox_receiver final : public bus::local_bus::receiver {
public:
    explicit mailbox_receiver(shard::shard& at) : door_(at.door()), hub_(at.hub()) {}

    void hear(std::shared_ptr<const chat::hint> what) override {
        // The end of a session is not in the log of any room: it cannot be read later.
        const bool may_be_lost = !std::holds_alternative<chat::session_ended>(*what);
        auto hear = [&hub = hub_, what = std::move(what)] { hub.receive(*what); };
        if (may_be_lost)
            door_->offer(std::move(hear));
        else
            door_->post(std::move(hear));
    }

private:
    const std::shared_ptr<shard::mailbox> door_;
    chat::hub& hub_;
};

}  // namespace

server::server(const config::config& how)
    : where_(how.listen),
      limits_{net::tally(how.connections_max), net::tally(how.connections_per_address_max),
              net::tally(how.connections_per_user_max)},
      listener_(loop_, how.listen, how.listening_socket, limits_),
      certificate_(how.tls ? std::optional<net::certificate>(std::in_place, *how.tls)
                           : std::nullopt),
      ledger_(how.data, announcer_, ledger_settings_of(how)),
      accounts_(ledger_, base::steady_clock_ms),
      site_({http::embedded_assets(), checked_directory(how.static_dir)}, state(), how.base_path,
            http::metrics_access(how.metrics_from)) {
    make_shards(how);
    for (const int signal : {SIGTERM, SIGINT}) add_unless_ignored(signals_, signal);
}

server::~server() {
    for (const auto& one : shards_) one->halt();
    for (const auto& one : shards_) one->join();
}

void server::make_shards(const config::config& how) {
    const std::size_t share = how.outbox_total_bytes / how.shards;
    const std::size_t share_for_pages = share / 4;
    const net::connection_settings settings{
        .origins = how.origins,
        .proxies = networks_of(how.proxies),
        .base_path = how.base_path,
        .guests = guest_policy_of(how),
        .cookies = {.port = listener_.port(), .path = how.base_path},
        .echo_bytes_max = how.echo_bytes_max,
        .outbox_bytes_max = how.chat.outbox_bytes_max,
        .unread_bytes_max = share - share_for_pages,
        .spacing = how.spacing,
        .bytes = how.chat.bytes(),
        .control_frames = how.chat.control_frames(),
        .compressed_connections = how.compress ? &compressed_connections_ : nullptr,
        .identity = certificate_ ? &*certificate_ : nullptr};
    for (std::size_t i = 0; i < how.shards; ++i) {
        chat::settings chat = how.chat;
        chat.nonce_prefix = auth::random_letters(nonce_prefix_letters);
        chat.pages_under_way_max = std::max<std::size_t>(share_for_pages / page_bytes_max, 1);
        auto& made =
            shards_.emplace_back(std::make_unique<shard::shard>(i, ledger_, bus_, std::move(chat)));
        connection_sets_.push_back(
            std::make_unique<net::connection_set>(*made, site_, accounts_, limits_, settings));
        bus_.attach(std::make_unique<mailbox_receiver>(*made));
        mailboxes_.add(made->door());
    }
}

std::string server::url() const {
    const config::listen_address where{where_.host, listener_.port()};
    return where.url(certificate_.has_value()) + site_.base_path().substr(1);
}

void server::run() {
    wait_for_signal();
    add_unless_ignored(certificate_ ? renewals_ : signals_, SIGHUP);
    if (certificate_) wait_for_renewal();
    if (certificate_ && is_ignored(SIGHUP))
        log::info(
            "SIGHUP is ignored, as it was at the start: a renewed certificate is read only at the "
            "next start");
    running_ = shards_.size();
    for (const auto& one : shards_)
        one->start([this] { boost::asio::post(loop_, [this] { shard_ended(); }); });
    std::vector<net::connection_set*> connection_sets;
    for (const auto& one : connection_sets_) connection_sets.push_back(one.get());
    listener_.start(std::move(connection_sets));
    notify_service_manager("READY=1\nSTATUS=Serving " + url());
    loop_.run();
}

void server::shard_ended() {
    if (--running_ > 0) return;
    patience_.cancel();
    signals_.cancel();
    renewals_.cancel();
}

void server::wait_for_renewal() {
    renewals_.async_wait([this](boost::system::error_code error, int) {
        if (error || running_ == 0) return;
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
    for (const auto& one : connection_sets_) one->drain();
    patience_.expires_after(stopping_patience);
    patience_.async_wait([this](boost::system::error_code error) {
        if (error) return;
        for (const auto& one : shards_) one->halt();
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
