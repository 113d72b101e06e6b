// Applies changes to messages. A message with all of its changes applied is what people see:
// stores, browsers, the simulation and exports fold by this one function.
#pragma once

#include "shared/protocol/events.hpp"

#include <string_view>

namespace parley::fold {

// Applies a change to its target. Does nothing when the change is in already, or the target was
// deleted. REQUIRES: `message` is a message, and `change` names its seq.
void apply(protocol::event& message, const protocol::event& change);

// Takes its text from an event of the log whose message was deleted.
void blank(protocol::event_body& body);

// Makes of a stored message what one person is shown: at most limits::reaction_people_max names for
// each reaction, and whether they reacted so themselves. Other events stay as they are.
void show_to(protocol::event& event, std::string_view user);

// Takes back what only that person is to see.
void show_to_all(protocol::event& event);

}  // namespace parley::fold
