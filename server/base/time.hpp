// Points in time as numbers, each with its clock and its unit in the name.
#pragma once

#include <cstdint>

namespace parley::base {

// Durations are measured by a clock that nobody sets. The machine's date is for what people and
// browsers see: when a message was sent, when a session expires.
using time_ms = std::uint64_t;    // the date: since 1970-01-01T00:00:00Z
using steady_ms = std::uint64_t;  // by the clock that nobody sets: its zero means nothing
using time_us = std::uint64_t;    // by the same clock

}  // namespace parley::base
