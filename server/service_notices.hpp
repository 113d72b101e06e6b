// Notifies systemd about the state of this service (sd_notify(3)). A notice is one datagram, so the
// static binary needs no libsystemd.
#pragma once

#include <string_view>

namespace parley {

// Sends `state`, lines like READY=1 or STATUS=..., to the socket that NOTIFY_SOCKET names, if it
// names one. Failures are ignored: the service manager has time limits of its own. Waits a second
// at most.
void notify_service_manager(std::string_view state);

}  // namespace parley
