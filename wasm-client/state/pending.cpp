// What is pending is folded like events that come after all others.
#include "wasm-client/state/pending.hpp"

#include "shared/fold/fold.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>
#include <variant>

namespace parley::state {
namespace {

// A kind that changes nothing, unless the request becomes an event.
protocol::event_body body_of(const protocol::request& request) {
    return std::visit(
        [](const auto& known) -> protocol::event_body {
            if constexpr (requires { known.becomes(); })
                return known.becomes();
            else
                return protocol::unknown_kind{};
        },
        request);
}

}  // namespace

bool has_reacted(const protocol::event& message, const std::string& emoji, const std::string& me) {
    const auto* const folded = protocol::as<protocol::message>(message);
    if (!folded) return false;
    for (const protocol::reaction& one : folded->reactions)
        if (one.emoji == emoji)
            return std::find(one.people.begin(), one.people.end(), me) != one.people.end();
    return false;
}

std::optional<protocol::event> with_pending(const outbox& all, const std::string& room,
                                            const protocol::event& message, const std::string& me) {
    std::optional<protocol::event> shown;
    std::uint64_t seq = protocol::limits::integer_max;
    for (const unsent& deed : all.messages()) {
        if (deed.target() != message.seq || deed.room() != room) continue;
        if (!shown) shown = message;
        const auto* const reaction = std::get_if<protocol::react>(&deed.request);
        if (reaction && has_reacted(*shown, reaction->emoji, me) == reaction->on) continue;
        fold::apply(*shown, {.seq = ++seq,
                             .at = deed.at_ms,
                             .author = me,
                             .said = {},
                             .nonce = {},
                             .body = body_of(deed.request)});
    }
    return shown;
}

pending_message as_pending(const outbox& all, const unsent& message) {
    pending_message shown{.text = message.message()->text};
    const std::string nonce = message.nonce();
    for (const unsent& deed : all.messages()) {
        if (deed.target_nonce != nonce) continue;
        if (const auto* const edit = std::get_if<protocol::edit>(&deed.request)) {
            shown.text = edit->text;
            shown.edited = true;
        }
        if (std::holds_alternative<protocol::delete_message>(deed.request)) shown.deleted = true;
    }
    return shown;
}

}  // namespace parley::state
