// Each step refuses or goes on to the next one: count, authenticate, name a guest, find the entry,
// admit.
#include "server/net/arrival.hpp"

#include "server/auth/tokens.hpp"
#include "server/base/address.hpp"
#include "server/chat/plain_conversation.hpp"
#include "server/http/credentials.hpp"
#include "server/http/deflate_offer.hpp"
#include "server/log/log.hpp"
#include "server/net/chat_session.hpp"
#include "server/net/echo_session.hpp"

#include <utility>

namespace parley::net {
namespace {

constexpr std::size_t guest_letters = 6;

}  // namespace

std::shared_ptr<void> arrival::begin(connection_set& connections, http::request request,
                                     http::upgrade upgrade, const std::string& peer,
                                     answered done) {
    auto arriving = std::make_shared<arrival>(connections, std::move(request), std::move(done));
    arriving->admission_.upgrade = std::move(upgrade);
    arriving->count(peer);
    return arriving;
}

void arrival::count(const std::string& peer) {
    if (const auto retry_ms = connections_.api().admit_request(request_.remote_address))
        return refuse(http::too_many_requests(retry_ms));
    if (!counts_with_others(peer)) return refuse(http::too_many_requests(http::full_retry_ms));
    if (connections_.settings().compressed_connections)
        admission_.upgrade.extension = http::answer_deflate_offers(request_);
    if (admission_.upgrade.kind == http::wire_kind::echo) return admit();
    authenticate();
}

// Behind a proxy the client is known only now. False: it has too many connections.
bool arrival::counts_with_others(const std::string& peer) {
    const std::string& address = request_.remote_address;
    if (address == peer || base::is_loopback(address)) return true;
    auto ticket = connections_.limits().by_address.take(address);
    if (ticket) admission_.ticket = std::move(*ticket);
    return ticket.has_value();
}

void arrival::authenticate() {
    const std::string token = http::token_of(request_, connections_.settings().cookies);
    if (token.empty()) return name_guest();
    const auto judge = [this](const auth::accounts::authenticated& result) {
        if (const auto* refusal = std::get_if<chat::refusal>(&result))
            return refuse(http::text_response(503, refusal->message));
        admission_.identity = std::get<std::optional<chat::identity>>(result);
        if (admission_.identity)
            admission_.cookies =
                http::renewed_session_cookies(request_, connections_.settings().cookies);
        // If the session has ended, the browser is asked to sign in again: nobody becomes a guest
        // unasked. Plain text has no way to ask.
        if (!admission_.identity && admission_.upgrade.kind == http::wire_kind::parley)
            return admit();
        name_guest();
    };
    connections_.accounts().authenticate(token, on_shard<auth::accounts::authenticated>(judge));
}

// Without a session it is a guest, for as long as the connection lives, if guests are allowed.
void arrival::name_guest() {
    if (admission_.identity || !http::takes_guests(connections_.settings().guests, request_))
        return find_entry();
    if (admission_.upgrade.name) return check_guest_name();
    const bool plain = admission_.upgrade.kind == http::wire_kind::plain;
    std::string user =
        plain ? chat::unnamed_guest : "~guest-" + auth::random_letters(guest_letters);
    admission_.identity = chat::identity{std::move(user), "", true};
    find_entry();
}

void arrival::check_guest_name() {
    const auto judge = [this](const std::optional<chat::refusal>& refusal) {
        if (refusal) return refuse(*refusal);
        admission_.identity = chat::identity{*admission_.upgrade.name, "", true};
        find_entry();
    };
    connections_.accounts().check_guest_name(*admission_.upgrade.name,
                                             on_shard<std::optional<chat::refusal>>(judge));
}

// A plain client gets everything that comes after its handshake, so the end of the log at that
// moment must be known.
void arrival::find_entry() {
    if (!admission_.identity || admission_.upgrade.kind != http::wire_kind::plain) return admit();
    const auto enter =
        [this, weak = weak_from_this()](const std::variant<std::uint64_t, chat::refusal>& entry) {
            const auto alive = weak.lock();
            if (!alive) return;
            if (const auto* refusal = std::get_if<chat::refusal>(&entry)) return refuse(*refusal);
            admission_.plain_entry = std::get<std::uint64_t>(entry);
            admit();
        };
    const auto may_open = [&people = connections_.accounts(), from = request_.remote_address] {
        return people.admit_newcomer(from);
    };
    chat::find_plain_entry(connections_.shard().hub().log(), *admission_.identity,
                           admission_.upgrade.room, may_open, enter);
}

void arrival::admit() {
    if (const auto done = std::exchange(done_, nullptr)) done(std::move(admission_));
}

void arrival::refuse(http::response answer) {
    if (const auto done = std::exchange(done_, nullptr)) done(std::move(answer));
}

void arrival::refuse(const chat::refusal& refusal) {
    refuse(http::text_response(meaning_of(refusal.code).http_status, refusal.message));
}

void open_websocket(connection_set& connections, websocket_session::handshake_result handshake,
                    admission admitted, const std::string& request_id) {
    connections.counters().answered[101].add();
    log::debug("connection opened", {{"connection", handshake.id},
                                     {"request", request_id},
                                     {"speaks", http::word_of(handshake.upgrade.kind)},
                                     {"remote", handshake.remote},
                                     {"user", admitted.identity ? admitted.identity->user : ""}});
    std::shared_ptr<websocket_session> opened;
    if (handshake.upgrade.kind == http::wire_kind::echo)
        opened = std::make_shared<echo_session>(std::move(handshake), connections);
    else
        opened = std::make_shared<chat_session>(std::move(handshake), connections,
                                                std::move(admitted.identity), admitted.plain_entry);
    connections.keep(opened);
    opened->accept(request_id, std::move(admitted.cookies));
}

}  // namespace parley::net
