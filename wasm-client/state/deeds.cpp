// What a person does that lasts: it goes through the outbox, is shown at once, and is undone
// visibly when it is refused.
#include "shared/protocol/codes.hpp"
#include "wasm-client/state/pending.hpp"
#include "wasm-client/state/rights.hpp"
#include "wasm-client/state/step.hpp"

#include <algorithm>
#include <utility>

namespace parley::state {
namespace {

// A change that has not left; null: there is none.
template <class Request, class Condition>
unsent* find_open(model& m, Condition condition) {
    for (const unsent& deed : m.unsent.messages()) {
        const auto* const request = std::get_if<Request>(&deed.request);
        if (request && deed.is_open() && deed.state == delivery::waiting &&
            condition(deed, *request))
            return m.unsent.find(deed.nonce());
    }
    return nullptr;
}

unsent* find_open_edit(model& m, const message_editor& editor) {
    return find_open<protocol::edit>(m, [&](const unsent& deed, const protocol::edit& request) {
        if (editor.seq == 0) return deed.target_nonce == editor.nonce;
        return request.target == editor.seq && request.room == editor.room;
    });
}

// An edit of this person has this seq: later ones are edits of its wording.
void rebase_edits(step& s, const protocol::edit& done, std::uint64_t seq) {
    model& m = s.model;
    const auto follows = [&](const unsent&, const protocol::edit& request) {
        return request.room == done.room && request.target == done.target &&
               request.base == done.base && request.nonce != done.nonce;
    };
    if (unsent* const next = find_open<protocol::edit>(m, follows)) {
        std::get<protocol::edit>(next->request).base = seq;
        keep_unsent(s, *next);
    }
    if (m.editor && m.editor->room == done.room && m.editor->seq == done.target &&
        m.editor->base == done.base)
        m.editor->base = seq;
}

void open_editor(step& s, message_editor editor) {
    stop_typing(s);
    s.model.note = {};
    s.model.editor = std::move(editor);
    fill_composer(s);
}

// A message of the open room, as it is shown; nothing: there is none, or this is not to be done.
std::optional<protocol::event> shown_message(const model& m, std::uint64_t seq,
                                             protocol::action what) {
    const room* const r = find_room(m, m.open);
    const protocol::event* const event = r ? r->log.find(seq) : nullptr;
    if (!event || !protocol::as<protocol::message>(*event)) return {};
    auto shown = with_pending(m.unsent, m.open, *event, m.me).value_or(*event);
    if (!may(m, what, shown) || protocol::as<protocol::message>(shown)->deleted) return {};
    return shown;
}

void rewrite(step& s, unsent& message, const std::string& text) {
    message.message()->text = text;
    message.state = delivery::waiting;
    message.transmitted = false;
    message.problem.clear();
    keep_unsent(s, message);
}

}  // namespace

bool perform(step& s, protocol::request request, const inputs::stamp& at,
             std::string target_nonce) {
    model& m = s.model;
    // Two in one millisecond keep their order.
    m.last_nonce_ms = std::max(at.date_ms, m.last_nonce_ms + 1);
    const std::string nonce = make_nonce(m.last_nonce_ms, at.random);
    set_nonce(request, nonce);
    unsent deed{.request = std::move(request),
                .target_nonce = std::move(target_nonce),
                .at_ms = at.date_ms};
    if (!m.unsent.add(deed)) {
        note(s, "Too many messages wait to be sent. Try again when they are gone.");
        return false;
    }
    keep_unsent(s, deed);
    const unsent* const changed = m.unsent.find(deed.target_nonce);
    if (changed && changed->state == delivery::committed)
        resolve_unsent(s, changed->nonce(), changed->seq);  // its answer has come already
    return true;
}

void resolve_unsent(step& s, const std::string& nonce, std::uint64_t seq) {
    model& m = s.model;
    for (const std::string& each : m.unsent.resolve(nonce, seq))
        keep_unsent(s, *m.unsent.find(each));
    if (m.editor && m.editor->nonce == nonce) {
        m.editor->nonce.clear();
        m.editor->seq = m.editor->base = seq;
    }
    const unsent* const deed = m.unsent.find(nonce);
    const auto* const edit = deed ? std::get_if<protocol::edit>(&deed->request) : nullptr;
    if (edit) rebase_edits(s, protocol::edit(*edit), seq);
}

void confirm_unsent(step& s, const std::string& nonce, const protocol::ok& answer) {
    unsent* const deed = s.model.unsent.find(nonce);
    if (!deed) return;
    forget_unsent(s, nonce);
    deed->state = delivery::committed;
    deed->seq = answer.seq.value_or(0);
    if (deed->message()) deed->at_ms = answer.at.value_or(deed->at_ms);
    resolve_unsent(s, nonce, deed->seq);
    const room* const r = find_room(s.model, deed->room());
    const bool event_will_come =
        r && r->subscribed == subscription::live && r->log.top() < deed->seq;
    if (!event_will_come) s.model.unsent.remove(nonce);
}

void give_back(step& s, const protocol::edit& refused, const protocol::error& error) {
    model& m = s.model;
    const bool conflict = error.code == to_word(protocol::error_code::conflict);
    const bool is_free = !m.editor && refused.target != 0;
    if (is_free && error.code != to_word(protocol::error_code::gone)) {
        open_editor(s, {.room = refused.room,
                        .seq = refused.target,
                        .nonce = {},
                        .base = error.rev.value_or(refused.base),
                        .original = {},
                        .text = refused.text,
                        .lost = conflict});
        return note(s, conflict ? "This message was changed meanwhile. Your wording is still here."
                                : sentence(error.message));
    }
    if (!has_draft(m, refused.room)) {
        keep_draft(s, refused.room, refused.text);
        if (refused.room == m.open) fill_composer(s);
    }
    note(s, "The message was deleted or changed meanwhile, so your new wording was not saved.");
}

void close_editor(step& s) {
    if (!std::exchange(s.model.editor, {})) return;
    s.model.note = {};
    fill_composer(s);
}

void submit_edit(step& s, const std::string& text, const inputs::stamp& at) {
    model& m = s.model;
    const message_editor editor = *m.editor;
    if (text.empty()) return note(s, "To delete a message, use its menu.");
    unsent* const message = editor.seq == 0 ? m.unsent.find(editor.nonce) : nullptr;
    unsent* const edit = find_open_edit(m, editor);
    if (text != editor.original) {
        if (message && message->message() && message->is_open()) {
            rewrite(s, *message, text);
        } else if (edit) {
            std::get<protocol::edit>(edit->request).text = text;
            keep_unsent(s, *edit);
        } else if (message || editor.seq != 0) {
            const protocol::edit request{.id = 0,
                                         .room = editor.room,
                                         .nonce = {},
                                         .target = editor.seq,
                                         .base = editor.base,
                                         .text = text};
            if (!perform(s, request, at, editor.nonce)) return;
        }
    }
    ++m.accepted;
    close_editor(s);
}

namespace {

void edit(step& s, std::uint64_t seq, const std::string& nonce) {
    model& m = s.model;
    const unsent* const waiting = seq == 0 ? m.unsent.find(nonce) : nullptr;
    if (waiting && waiting->message() && waiting->room() == m.open) {
        const std::string text = as_pending(m.unsent, *waiting).text;
        return open_editor(
            s,
            {.room = m.open, .seq = 0, .nonce = nonce, .base = 0, .original = text, .text = text});
    }
    const auto shown = shown_message(m, seq, protocol::action::edit);
    if (!shown) return;
    const std::string text(protocol::text_of(*shown));
    open_editor(s, {.room = m.open,
                    .seq = seq,
                    .nonce = {},
                    .base = protocol::rev_of(*find_room(m, m.open)->log.find(seq)),
                    .original = text,
                    .text = text});
}

}  // namespace

void on_edit_last(step& s) {
    const model& m = s.model;
    const auto& all = m.unsent.messages();
    for (auto deed = all.rbegin(); deed != all.rend(); ++deed)
        if (deed->message() && deed->room() == m.open && deed->state != delivery::committed)
            return edit(s, 0, deed->nonce());
    const room* const r = find_room(m, m.open);
    if (!r || !r->log.tail()) return;
    const auto& entries = r->log.tail()->entries;
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry)
        if (shown_message(m, entry->seq, protocol::action::edit)) return edit(s, entry->seq, {});
}

namespace {

void take_away(step& s, const inputs::change_message& in) {
    model& m = s.model;
    if (m.editor && m.editor->seq == in.seq && m.editor->nonce == in.nonce) close_editor(s);
    const unsent* const waiting = in.seq == 0 ? m.unsent.find(in.nonce) : nullptr;
    if (waiting && waiting->message()) {
        for (const std::string& change : m.unsent.depending_on(in.nonce)) erase_unsent(s, change);
        if (waiting->is_open()) return erase_unsent(s, in.nonce);
    } else if (!shown_message(m, in.seq, in.action)) {
        return;
    }
    const auto is_moot = [&](const unsent& deed, const auto& request) {
        return request.target == in.seq && in.seq != 0 && deed.room() == m.open;
    };
    while (const unsent* const open_edit = find_open<protocol::edit>(m, is_moot))
        erase_unsent(s, open_edit->nonce());
    perform(s,
            protocol::delete_message{
                .id = 0, .room = m.open, .nonce = {}, .target = in.seq, .reason = {}},
            in.at, in.nonce);
}

void react(step& s, const inputs::change_message& in) {
    model& m = s.model;
    const auto shown = shown_message(m, in.seq, in.action);
    if (!shown) return;
    const auto is_same = [&](const unsent& deed, const protocol::react& request) {
        return request.target == in.seq && request.emoji == in.emoji && deed.room() == m.open;
    };
    if (const unsent* const waiting = find_open<protocol::react>(m, is_same))
        return erase_unsent(s, waiting->nonce());
    perform(s,
            protocol::react{.id = 0,
                            .room = m.open,
                            .nonce = {},
                            .target = in.seq,
                            .emoji = in.emoji,
                            .on = !has_reacted(*shown, in.emoji, m.me)},
            in.at);
}

void pin(step& s, const inputs::change_message& in) {
    model& m = s.model;
    const auto shown = shown_message(m, in.seq, in.action);
    if (!shown) return;
    const auto is_same = [&](const unsent& deed, const protocol::pin& request) {
        return request.target == in.seq && deed.room() == m.open;
    };
    if (const unsent* const waiting = find_open<protocol::pin>(m, is_same))
        return erase_unsent(s, waiting->nonce());
    perform(s,
            protocol::pin{.id = 0,
                          .room = m.open,
                          .nonce = {},
                          .target = in.seq,
                          .on = !protocol::is_pinned(*shown)},
            in.at);
}

}  // namespace

void on_change(step& s, const inputs::change_message& in) {
    switch (in.action) {
        case protocol::action::edit: return edit(s, in.seq, in.nonce);
        case protocol::action::delete_message: return take_away(s, in);
        case protocol::action::react: return react(s, in);
        case protocol::action::pin: return pin(s, in);
        default: return;  // it is done to no message
    }
}

}  // namespace parley::state
