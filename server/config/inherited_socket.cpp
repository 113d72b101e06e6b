// The first descriptor is always 3 (SD_LISTEN_FDS_START).
#include "server/config/inherited_socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace parley::config {
namespace {

constexpr int first_descriptor = 3;

bool listens_on_tcp(int descriptor) {
    int listens = 0, type = 0;
    socklen_t length = sizeof(int);
    return ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) == 0 &&
           ::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && listens != 0 &&
           type == SOCK_STREAM;
}

std::optional<listen_address> address_of(int descriptor) {
    sockaddr_storage bytes{};
    socklen_t length = sizeof(bytes);
    if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bytes), &length) != 0) return {};
    char text[INET6_ADDRSTRLEN];
    if (bytes.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(bytes);
        ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof(text));
        return listen_address{text, ntohs(v4.sin_port)};
    }
    if (bytes.ss_family == AF_INET6) {
        const auto& v6 = reinterpret_cast<const sockaddr_in6&>(bytes);
        ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof(text));
        return listen_address{text, ntohs(v6.sin6_port)};
    }
    return {};
}

std::string take_variable(const char* name) {
    const char* const value = std::getenv(name);
    std::string out = value == nullptr ? "" : value;
    ::unsetenv(name);
    return out;
}

}  // namespace

std::optional<inherited_socket> take_inherited_socket() {
    const std::string process = take_variable("LISTEN_PID"), count = take_variable("LISTEN_FDS");
    ::unsetenv("LISTEN_FDNAMES");
    if (process != std::to_string(::getpid()) || count.empty() || count == "0") return {};
    if (count != "1")
        throw std::runtime_error("the service manager passes " + count +
                                 " sockets: leave one ListenStream= in the .socket unit");
    const auto address =
        listens_on_tcp(first_descriptor) ? address_of(first_descriptor) : std::nullopt;
    if (!address)
        throw std::runtime_error(
            "the service manager passes a socket that is no TCP socket: write "
            "ListenStream=ADDRESS:PORT in the .socket unit");
    ::fcntl(first_descriptor, F_SETFD, FD_CLOEXEC);
    return inherited_socket{first_descriptor, *address};
}

}  // namespace parley::config
