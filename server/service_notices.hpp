// What systemd is told about this service (sd_notify(3)). The protocol is one datagram, so that the
// static binary needs no libsystemd.
#pragma once

#include <string_view>

namespace parley {

// Sends `state`, lines like READY=1 or STATUS=..., to the socket that NOTIFY_SOCKET names. Nothing
// happens where there is none, and a failure is nobody's concern here: the manager has time limits
// of its own. Waits for a second at most.
void notify_service_manager(std::string_view state);

}  // namespace parley
