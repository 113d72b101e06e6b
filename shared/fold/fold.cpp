// Content and marks have a seq each: a reaction does not make an edit seem old.
#include "shared/fold/fold.hpp"

#include "shared/ensure.hpp"

#include <variant>

namespace parley::fold {

void apply(protocol::event& message, const protocol::event& change) {
    auto* const folded = protocol::as<protocol::message>(message);
    ensure(folded && protocol::target_of(change.body) == message.seq);
}

}  // namespace parley::fold
