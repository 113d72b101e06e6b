// A message as this person sees it: with what they did to it and what has not come back yet.
#pragma once

#include "shared/protocol/events.hpp"
#include "wasm-client/state/outbox.hpp"

#include <optional>
#include <string>

namespace parley::state {

// Nothing: nothing is pending for this message.
std::optional<protocol::event> with_pending(const outbox& all, const std::string& room,
                                            const protocol::event& message, const std::string& me);

bool has_reacted(const protocol::event& message, const std::string& emoji, const std::string& me);

// The text of an own message that is not known by its seq, as later edits of it have made it; and
// whether a deletion follows it.
struct pending_message {
    std::string text;
    bool edited = false;
    bool deleted = false;
};
pending_message as_pending(const outbox& all, const state::unsent& message);

}  // namespace parley::state
