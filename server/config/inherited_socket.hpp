// A listening socket that the service manager opened before this process was started
// (sd_listen_fds(3)): systemd's socket activation.
#pragma once

#include "server/config/listen_address.hpp"

#include <optional>

namespace parley::config {

struct inherited_socket {
    int descriptor;
    listen_address address;
};

// The socket that LISTEN_FDS passes, if LISTEN_PID is this process. The variables are removed, and
// the socket is closed on exec. std::runtime_error, in one line, unless it is exactly one listening
// TCP socket.
std::optional<inherited_socket> take_inherited_socket();

}  // namespace parley::config
