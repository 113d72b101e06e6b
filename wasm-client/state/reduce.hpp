// reduce(model, input, now) changes the model and returns effects. It is pure: time and random bits
// come with the input, and sockets and storage are effects.
#pragma once

#include "wasm-client/state/effect.hpp"
#include "wasm-client/state/input.hpp"
#include "wasm-client/state/model.hpp"

#include <cstdint>
#include <optional>

namespace parley::state {

// `now_ms` comes from a clock that nobody sets, for durations. It must not be less than in the call
// before. The date that people see comes with the input.
effects reduce(model& model, const input& in, std::uint64_t now_ms);

// The next way to try to reach the server, as soon as the back-off allows it.
enum class attempt : std::uint8_t { none, whoami, connect };
attempt next_attempt(const model& model);
// The longest back-off that this outage may have by now, in milliseconds.
std::uint64_t longest_wait_ms(const model& model, std::uint64_t now_ms);

// When the model needs the next inputs::tick: a time after `now_ms`, or never. An early tick is
// harmless. REQUIRES: a reduce() at `now_ms` came before.
std::optional<std::uint64_t> next_deadline(const model& model, std::uint64_t now_ms);

}  // namespace parley::state
