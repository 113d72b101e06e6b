// Content and marks have a seq each: a reaction does not make an edit seem old.
#include "shared/fold/fold.hpp"

#include "shared/ensure.hpp"

#include <algorithm>
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

// Whether the reaction or pin is news; it is noted that it is in.
bool takes_mark(const event& target, message& folded, const event& change) {
    if (folded.deleted || change.seq <= folded.marks.value_or(target.seq)) return false;
    folded.marks = change.seq;
    return true;
}

void apply_to(event& target, message& folded, const event& change,
              const protocol::reacted& reacted) {
    if (!takes_mark(target, folded, change)) return;
    auto one = std::find_if(folded.reactions.begin(), folded.reactions.end(),
                            [&](const auto& known) { return known.emoji == reacted.emoji; });
    if (one == folded.reactions.end())
        one = folded.reactions.insert(one, protocol::reaction{.emoji = reacted.emoji});
    ++one->count;
    one->people.push_back(change.author);
}

void apply_to(event& target, message& folded, const event& change,
              const protocol::unreacted& unreacted) {
    if (!takes_mark(target, folded, change)) return;
    for (protocol::reaction& one : folded.reactions) {
        if (one.emoji != unreacted.emoji) continue;
        one.count -= one.count > 0 ? 1 : 0;
        std::erase(one.people, change.author);
    }
    std::erase_if(folded.reactions, [](const auto& one) { return one.count == 0; });
}

void apply_to(event& target, message& folded, const event& change, const protocol::pinned&) {
    if (takes_mark(target, folded, change)) folded.pinned = true;
}

void apply_to(event& target, message& folded, const event& change, const protocol::unpinned&) {
    if (takes_mark(target, folded, change)) folded.pinned.reset();
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

void blank(protocol::event_body& body) {
    std::visit(
        [](auto& kind) {
            if constexpr (requires { kind.text.reset(); }) kind.text.reset();
        },
        body);
}

void show_to(protocol::event& event, std::string_view user) {
    auto* const folded = protocol::as<protocol::message>(event);
    if (!folded) return;
    for (protocol::reaction& one : folded->reactions) {
        if (std::find(one.people.begin(), one.people.end(), user) != one.people.end())
            one.mine = true;
        if (one.people.size() > protocol::limits::reaction_people_max)
            one.people.resize(protocol::limits::reaction_people_max);
    }
}

void show_to_all(protocol::event& event) {
    if (auto* const folded = protocol::as<protocol::message>(event))
        for (protocol::reaction& one : folded->reactions) one.mine.reset();
}

}  // namespace parley::fold
