// What the server finds in its rows, the page knows from its model.
#include "wasm-client/state/rights.hpp"

#include "shared/protocol/names.hpp"

namespace parley::state {
namespace {

protocol::target_state target_of(const model& m, const protocol::event& message) {
    using protocol::target_state;
    const auto* const folded = protocol::as<protocol::message>(message);
    if (!folded) return target_state::none;
    const bool deleted = folded->deleted.value_or(false);
    if (message.author == m.me) return deleted ? target_state::own_deleted : target_state::own;
    return deleted ? target_state::deleted_of_another : target_state::of_another;
}

}  // namespace

bool may(const model& m, protocol::action what, const protocol::event& message) {
    const room* const r = find_room(m, m.open);
    if (!r || !r->joined) return false;
    const auto who = protocol::is_guest(m.me) ? protocol::actor::guest : protocol::actor::member;
    const auto access = r->direct ? protocol::room_access::direct : protocol::room_access::open;
    return !protocol::why_not(who, what, access, protocol::membership_state::inside,
                              target_of(m, message));
}

}  // namespace parley::state
