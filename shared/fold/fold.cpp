// Content and marks have a seq each: a reaction does not make an edit seem old.
#include "shared/fold/fold.hpp"

#include "shared/ensure.hpp"

#include <variant>

namespace parley::fold {
namespace {

using protocol::event;
using protocol::message;

void apply_to(event& target, message& folded, const event& change, const protocol::edited& edit) {
    if (change.seq <= protocol::rev_of(target) || folded.deleted) return;
    folded.rev = change.seq;
    folded.edited = change.at;
    folded.edits = folded.edits.value_or(0) + 1;
    if (edit.text) folded.text = edit.text;
}

void apply_to(event& target, message& folded, const event& change, const protocol::deleted&) {
    if (change.seq > protocol::rev_of(target)) folded = {.rev = change.seq, .deleted = true};
}

// An entry, or a kind that is not known here: nothing changes.
template <class Other>
void apply_to(event&, message&, const event&, const Other&) {}

}  // namespace

void apply(protocol::event& message, const protocol::event& change) {
    auto* const folded = protocol::as<protocol::message>(message);
    ensure(folded && protocol::target_of(change.body) == message.seq);
    std::visit([&](const auto& kind) { apply_to(message, *folded, change, kind); }, change.body);
}

}  // namespace parley::fold
