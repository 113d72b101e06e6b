// Other files that read the date are named in tests/tidy/rules.mjs.
#include "server/base/clock.hpp"

#include <chrono>

namespace parley::base {
namespace {

template <class Clock, class Unit>
std::uint64_t now_in() {
    const auto since_zero = Clock::now().time_since_epoch();
    return static_cast<std::uint64_t>(std::chrono::duration_cast<Unit>(since_zero).count());
}

}  // namespace

steady_ms steady_clock_ms() {
    return now_in<std::chrono::steady_clock, std::chrono::milliseconds>();
}

time_us steady_clock_us() { return now_in<std::chrono::steady_clock, std::chrono::microseconds>(); }

time_ms wall_time() { return now_in<std::chrono::system_clock, std::chrono::milliseconds>(); }

}  // namespace parley::base
