// Reads the two clocks of the machine. Pure layers do not: they are given the time. Any thread.
#pragma once

#include "server/base/time.hpp"

namespace parley::base {

// For all durations. It stands still while the machine sleeps (CLOCK_MONOTONIC).
steady_ms steady_clock_ms();
time_us steady_clock_us();

// The date, which jumps when somebody sets it.
time_ms wall_time();

}  // namespace parley::base
