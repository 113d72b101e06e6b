// Decides what to try next while the server cannot be reached, and what people read about it. A
// failed handshake gives no reason, so the page sends whoami over HTTP. While HTTP is not answered
// either, the page repeats only whoami, because browsers delay handshakes after a failed one.
#include "shared/protocol/codes.hpp"
#include "wasm-client/state/reduce.hpp"
#include "wasm-client/state/step.hpp"

#include <utility>

namespace parley::state {
namespace {

constexpr std::uint16_t http_bad_gateway = 502, http_gateway_timeout = 504;

// The meaning of an answer that did not come from Parley, by its status.
std::string cause_of(std::uint16_t status) {
    if (status == 0) return "";
    const std::string answer = " (answer " + std::to_string(status) + "). ";
    if (status >= http_bad_gateway && status <= http_gateway_timeout)
        return "The proxy in front of the server does not reach it" + answer +
               "If this lasts, an administrator can fix it: start Parley, or correct its "
               "address in the proxy.";
    return "Something else answers in place of the server" + answer +
           "Perhaps this network wants you to sign in. Otherwise an administrator can fix it: "
           "let the proxy pass all of /api/ and /ws on to Parley.";
}

}  // namespace

std::string untrusted_origin(const model& m) {
    return "This server does not trust the address that you opened, " + m.origin +
           ". An administrator can fix it: let the proxy pass the Host header on, or start "
           "Parley with --origin " +
           m.origin + ".";
}

attempt next_attempt(const model& m) {
    if (m.server.whoami_pending) return attempt::none;
    if (m.at == stage::loading) return attempt::whoami;
    if (!wants_connection(m) || m.link != connection::offline) return attempt::none;
    return m.server.unreachable ? attempt::whoami : attempt::connect;
}

std::uint64_t longest_wait_ms(const model& m, std::uint64_t now_ms) {
    if (!m.page_visible || m.server.refused_handshakes >= refused_handshakes_max)
        return protocol::limits::reconnect_max_ms;
    const bool is_long = m.lost_since_ms && now_ms >= *m.lost_since_ms + long_outage_ms;
    return is_long ? watched_long_wait_max_ms : watched_wait_max_ms;
}

void ask_whoami(step& s) {
    if (s.model.server.whoami_pending) return;
    s.model.server.whoami_pending = true;
    s.model.server.next_try_ms = 0;
    post_request(s, protocol::whoami{});
}

void whoami_failed(step& s, std::uint16_t status, const protocol::error* error) {
    reachability& server = s.model.server;
    server.unreachable = true;
    server.refused_handshakes = 0;
    server.cause = cause_of(error ? 0 : status);
    if (!error) return;
    s.model.come_back_after_ms = error->retry_ms.value_or(0);
    if (error->code == to_word(protocol::error_code::forbidden))
        server.cause = untrusted_origin(s.model);
    else
        server.cause = "The server is busy.";
}

void whoami_answered(reachability& server) {
    server.try_at_once = std::exchange(server.unreachable, false);
    server.cause.clear();
    if (server.refused_handshakes >= refused_handshakes_max)
        server.cause =
            "The server answers, but the live connection to it is refused. An administrator can "
            "fix "
            "it: let the proxy pass the headers Upgrade and Connection on for /ws.";
}

}  // namespace parley::state
