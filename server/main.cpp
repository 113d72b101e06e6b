// The program: configuration, server, run, drain.
#include "server/config/config.hpp"
#include "server/log/log.hpp"
#include "server/maintenance.hpp"
#include "server/process.hpp"
#include "server/server.hpp"
#include "server/start_notice.hpp"

#include <csignal>
#include <cstdio>
#include <exception>

namespace {

void serve(const parley::config::config& settings) {
    const parley::log::to_stderr log(settings.log_level);
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);  // beyond `ulimit -f` a write fails, as on a full disk
    parley::claim_descriptors(settings);
    parley::server server(settings);
    std::fputs(parley::start_notice(settings, server).c_str(), stdout);
    std::fflush(stdout);
    server.run();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        parley::prepare_process();
        const auto settings = parley::config::parse(argc, argv);
        for (const auto& line : settings.warnings)
            std::fprintf(stderr, "parley: %s\n", line.c_str());
        if (settings.command != parley::config::subcommand::serve)
            return parley::run_maintenance(settings);
        serve(settings);
        return 0;
    } catch (const parley::config::shown& shown) {
        std::fputs(shown.text.c_str(), stdout);
        return 0;
    } catch (const parley::config::bad_usage& error) {
        std::fprintf(stderr, "parley: %s\n", error.what());
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "parley: %s\n", error.what());
        return 1;
    }
}
