// Only the path is written, because a query may hold a token or a search.
#include "server/net/http_log.hpp"

#include "server/base/address.hpp"
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

void log_request(connection_set& connections, const answered_request& request,
                 const http::response& answer) {
    const auto level = level_of(answer.status);
    if (!log::shows(level)) return;
    if (level == log::level::info && !connections.may_log_refusal()) return;
    log::write(level, "request",
               {{"request", request.id},
                {"method", request.method},
                {"path", request.target.substr(0, request.target.find('?'))},
                {"status", answer.status},
                {"duration_ms", request.duration_ms},
                {"bytes", request.bytes},
                {"remote", request.remote},
                {"user", answer.user},
                {"why", answer.reason}});
}

void log_event(connection_set& connections, const answered_request& request,
               const http::response& answer) {
    if (answer.event.empty() || !log::shows(log::level::info)) return;
    const bool may =
        answer.status < 400 ? connections.may_log_event() : connections.may_log_failure();
    if (!may) return;
    log::info(answer.event,
              {{"request", request.id}, {"remote", request.remote}, {"user", answer.subject}});
}

}  // namespace

void log_answer(connection_set& connections, const answered_request& request,
                const http::response& answer) {
    log_request(connections, request, answer);
    log_event(connections, request, answer);
}

void warn_of_proxy(const connection_set& connections, const http::request& request) {
    static std::once_flag guests_warned, address_warned, proxy_warned;
    if (!http::is_believed_proxy(request.peer_address, connections.settings().proxies)) {
        if (http::was_forwarded(request))
            std::call_once(proxy_warned, [&] {
                log::warn(
                    "requests name another client than their own address, and are not believed: "
                    "if that is your proxy, start the server with --proxy and its address",
                    {{"remote", request.peer_address}});
            });
        return;
    }
    if (http::is_from_here(request)) return;
    if (connections.settings().guests == http::guest_policy::direct)
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
