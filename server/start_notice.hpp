// The first lines that somebody who starts the server reads.
#pragma once

#include "server/config/config.hpp"
#include "server/server.hpp"

#include <string>

namespace parley {

// Lines for stdout: where it listens, what travels unencrypted, and last what to do next.
std::string start_notice(const config::config& settings, const server& server);

}  // namespace parley
