// (model, what happened, now) -> changed model, effects. Pure: time and chance are inputs, sockets
// and storage effects.
#pragma once

#include "wasm-client/state/effect.hpp"
#include "wasm-client/state/input.hpp"
#include "wasm-client/state/model.hpp"

#include <cstdint>
#include <optional>

namespace parley::state {

// `now_ms`: of a clock that nobody sets, for durations. What people see of the date comes with the
// input.
effects reduce(model& model, const input& happened, std::uint64_t now_ms);

// How the page tries to reach the server next, as soon as a back-off allows.
enum class attempt : std::uint8_t { none, whoami, connect };
attempt next_attempt(const model& model);
// The longest back-off that this outage may have by now, in milliseconds.
std::uint64_t longest_wait_ms(const model& model, std::uint64_t now_ms);

// When the model wants inputs::tick next: after `now_ms`, or not at all. Too early a tick is
// harmless. REQUIRES: a reduce() at `now_ms` came before.
std::optional<std::uint64_t> next_deadline(const model& model, std::uint64_t now_ms);

}  // namespace parley::state
