// A query may hold a token or a search: only the path before it is written.
#include "server/net/http_log.hpp"

#include "server/config/address.hpp"
#include "server/http/forwarding.hpp"
#include "server/log/log.hpp"

#include <mutex>

namespace parley::net {
namespace {

log::level level_of(int status) {
    if (status < 400) return log::level::debug;
    if (status < 500) return log::level::info;
    return status == 503 ? log::level::warn : log::level::error;
}

}  // namespace

void log_answer(gate& gate, const answered_request& answered) {
    const auto level = level_of(answered.status);
    if (!log::shows(level)) return;
    if (level == log::level::info && !gate.tells_one_more_refusal()) return;
    log::write(level, "request",
               {{"request", answered.id},
                {"method", answered.method},
                {"path", answered.target.substr(0, answered.target.find('?'))},
                {"status", answered.status},
                {"duration_ms", answered.duration.count()},
                {"bytes", answered.bytes},
                {"remote", answered.remote},
                {"user", answered.user}});
}

void warn_of_proxy(const gate& gate, const http::request& request) {
    if (!config::is_loopback(request.peer_address) || http::is_from_here(request)) return;
    static std::once_flag guests_warned, address_warned;
    if (gate.how().guests == http::guest_policy::direct)
        std::call_once(guests_warned, [] {
            log::warn(
                "requests come through a proxy, or for another name than this machine's: they get "
                "no guests until --guests on (or off) says what you want");
        });
    if (request.remote_address == http::nobody)
        std::call_once(address_warned, [] {
            log::warn(
                "a proxy does not say for whom it asks, so all who come through it share the "
                "limits of one address: let it set X-Forwarded-For to the client's address");
        });
}

}  // namespace parley::net
