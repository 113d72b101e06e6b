// What whoever starts the server reads first.
#pragma once

#include "server/config/config.hpp"
#include "server/server.hpp"

#include <string>

namespace parley {

// Lines for stdout: where it listens, what travels unencrypted, and last what to do.
std::string start_notice(const config::config& settings, const server& running);

}  // namespace parley
