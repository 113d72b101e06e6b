// Maintenance of the data: backup, restore, check.
#pragma once

#include "server/config/config.hpp"

namespace parley {

// Results go to stdout; progress, if it takes long, to stderr. Returns the exit status: 0, or 1
// when a check found something. std::runtime_error, in one line, when it failed. REQUIRES:
// settings.command is not `serve`.
int run_maintenance(const config::config& settings);

}  // namespace parley
