// Applies changes to messages. A message with all of its changes applied is what people see:
// stores, browsers, the simulation and exports fold by this one function.
#pragma once

#include "shared/protocol/events.hpp"

namespace parley::fold {

// Applies a change to its target. Does nothing when the change is in already, or the target was
// deleted. REQUIRES: `message` is a message, and `change` names its seq.
void apply(protocol::event& message, const protocol::event& change);

}  // namespace parley::fold
