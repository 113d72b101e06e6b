// A query may hold a token or a search: only the path before it is written.
#include "server/net/http_log.hpp"

#include "server/log/log.hpp"

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

}  // namespace parley::net
