// What an operator does with the data besides serving it: backup, restore, check.
#pragma once

#include "server/config/config.hpp"

namespace parley {

// Does it and says so: results on stdout, progress of what takes long on stderr. The exit status:
// 0, or 1 when a check found something. std::runtime_error, in one line, when it could not be done.
// REQUIRES: how.command is not `serve`.
int run_maintenance(const config::config& how);

}  // namespace parley
