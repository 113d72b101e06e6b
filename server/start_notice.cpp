// Everything that an operator should know is said here: later nobody looks.
#include "server/start_notice.hpp"

#include "server/net/own_addresses.hpp"

namespace parley {
namespace {

// Empty where only this machine can connect, or with TLS.
std::string unencrypted_notice(const config::config& settings, std::uint16_t port) {
    if (settings.tls || settings.listen.is_loopback()) return {};
    std::string colleagues;
    for (const std::string& address : net::own_addresses(settings.listen.host))
        colleagues += (colleagues.empty() ? "Colleagues open " : " or ") +
                      config::listen_address{address, port}.url(false) +
                      settings.base_path.substr(1);
    if (!colleagues.empty()) colleagues += "\n";
    return colleagues +
           "Passwords travel unencrypted to this port: put a TLS proxy in front and let Parley "
           "listen on 127.0.0.1, or use --tls-cert and --tls-key (server/OPERATING.md)\n";
}

std::string next_steps(const config::config& settings, const std::string& url) {
    const std::string others =
        settings.listen.is_loopback()
            ? "Only this machine can connect. For others: --listen :PORT with --tls-cert and "
              "--tls-key, or a TLS proxy (server/OPERATING.md)\n"
            : "";
    return others + "Open " + url +
           " in a browser; the first account is the owner. Ctrl-C stops the server.\n";
}

}  // namespace

std::string start_notice(const config::config& settings, const server& server) {
    return "Parley " PARLEY_VERSION " listens on " + server.url() + " (data in " +
           settings.data.string() + ", guests " + (settings.guests ? "on" : "off") + ")\n" +
           unencrypted_notice(settings, server.port()) + next_steps(settings, server.url());
}

}  // namespace parley
