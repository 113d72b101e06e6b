// signal(7), umask(2), getrlimit(2).
#include "server/process.hpp"

#include "server/config/descriptors.hpp"
#include "server/log/log.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>
#include <string>

namespace parley {
namespace {

constexpr mode_t nothing_for_others = 077;

std::size_t raise_descriptor_limit() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 0;
    const rlimit raised{files.rlim_max, files.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) files = raised;
    return static_cast<std::size_t>(files.rlim_cur);
}

}  // namespace

// open() gives the lowest free number, so in this order it is the wanted one.
void prepare_process() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", O_RDWR) != stream)
            throw std::runtime_error(
                "a standard stream is closed, and /dev/null cannot be opened in its place");
    ::umask(nothing_for_others);
}

void claim_descriptors(const config::config& settings) {
    const std::size_t allowed = raise_descriptor_limit();
    const std::size_t least = config::descriptors_least(settings.shards);
    if (allowed < least)
        throw std::runtime_error("needs at least " + std::to_string(least) +
                                 " open files for its " + std::to_string(settings.shards) +
                                 " shards, and may have " + std::to_string(allowed) +
                                 ": raise the limit (ulimit -n, or LimitNOFILE= of its unit) or "
                                 "choose fewer --shards");
    const std::size_t room = allowed - config::descriptors_besides_connections(settings.shards);
    if (settings.connections_max > room)
        log::warn("fewer connections than --max-connections fit the limit of open files",
                  {{"fit", room}, {"max_connections", settings.connections_max}});
}

bool is_ignored(int signal) {
    struct sigaction now {};
    return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

void add_unless_ignored(boost::asio::signal_set& signals, int signal) {
    if (!is_ignored(signal)) signals.add(signal);
}

}  // namespace parley
