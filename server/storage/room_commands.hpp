// What people change in rooms. A refusal has changed nothing.
#pragma once

#include "server/chat/ledger.hpp"
#include "server/storage/change.hpp"

namespace parley::storage {

chat::outcome carry_out(change& made, const chat::append& what);
chat::outcome carry_out(change& made, const chat::open_room& what);
chat::outcome carry_out(change& made, const chat::open_direct_room& what);
chat::outcome carry_out(change& made, const chat::join_room& what);
chat::outcome carry_out(change& made, const chat::leave_room& what);
chat::outcome carry_out(change& made, const chat::mark_read& what);

}  // namespace parley::storage
