// What this person may do to a message of the open room. The server decides by the same table; of a
// guest it also knows whether the name was another's when the message was said.
#pragma once

#include "shared/protocol/events.hpp"
#include "shared/protocol/rights.hpp"
#include "wasm-client/state/model.hpp"

namespace parley::state {

// `message`: as it is shown to them. Only members of a room change its messages from the page.
bool may(const model& model, protocol::action what, const protocol::event& message);

}  // namespace parley::state
