// The program: configuration, server, run, drain.
#include "server/config/config.hpp"
#include "server/log/log.hpp"
#include "server/server.hpp"

#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <exception>

namespace {

// As many descriptors as this process may have.
void raise_descriptor_limit() {
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

void run(const parley::config::config& how) {
    const parley::log::to_stderr lines(how.log_level);
    std::signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    parley::server server(how);
    std::printf("Parley %s listens on %s (data in %s, guests %s)\n", PARLEY_VERSION, server.url().c_str(),
                how.data.c_str(), how.guests ? "on" : "off");
    std::fflush(stdout);
    server.run();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        run(parley::config::parse(argc, argv));
        return 0;
    } catch (const parley::config::shown& what) {
        std::fputs(what.text.c_str(), stdout);
        return 0;
    } catch (const parley::config::bad_usage& error) {
        std::fprintf(stderr, "parley: %s\n", error.what());
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "parley: %s\n", error.what());
        return 1;
    }
}
