// What a person keeps: it comes from the server, is changed through the outbox, and is shown at
// once.
#include "shared/protocol/codec.hpp"
#include "wasm-client/state/names.hpp"
#include "wasm-client/state/step.hpp"

namespace parley::state {
namespace {

// Marks advance the log too; that alone is stored after so many changes.
constexpr std::uint64_t stored_behind_max = 100;
// The whole log is stored at once, so that it waits for the changes that follow.
constexpr std::uint64_t store_pause_ms = 2'000;

// The browser's own copy of a draft, when the server has the same text.
void drop_shared_copy(step& s, const protocol::personal_body& record) {
    const auto* const draft = std::get_if<protocol::draft>(&record);
    if (!draft || without_controls(s.model.drafts.text_in(draft->room)) != draft->text) return;
    keep_draft(s, draft->room, "");
    store_records(s);
}

// The log has the last word on what was sent and was not changed since. What it has already need
// not be sent.
void yield_to_log(step& s, const protocol::personal_body& change) {
    unsent* const deed = s.model.unsent.find(record_nonce(change));
    if (!deed) return;
    const bool in_flight = deed->state == delivery::in_flight;
    if (!deed->transmitted && (in_flight || !is_same(deed->record, change))) return;
    drop_shared_copy(s, protocol::personal_body(deed->record));
    if (!in_flight) return erase_unsent(s, deed->nonce());
    deed->overtaken = true;
    forget_unsent(s, deed->nonce());
}

}  // namespace

bool keep_record(step& s, protocol::request request) {
    const std::string nonce = nonce_of(request);
    if (!s.model.unsent.add({.request = std::move(request)})) {
        note(s, "Too much waits to be sent. Try again when it is gone.");
        return false;
    }
    keep_unsent(s, *s.model.unsent.find(nonce));
    return true;
}

// A change that was made meanwhile is sent next.
void record_answered(step& s, const protocol::personal_body& record,
                     std::optional<std::uint64_t> seq) {
    model& m = s.model;
    if (!seq || !m.personal.has(*seq)) m.personal.put(record);
    drop_shared_copy(s, record);
    unsent* const deed = m.unsent.find(record_nonce(record));
    if (deed && is_same(deed->record, record))
        erase_unsent(s, deed->nonce());
    else if (deed)
        deed->state = delivery::waiting;
    follow_draft(s);
}

void record_refused(step& s, const protocol::personal_body& record, const protocol::error& error) {
    model& m = s.model;
    unsent* const deed = m.unsent.find(record_nonce(record));
    if (deed && !is_same(deed->record, record)) {
        deed->state = delivery::waiting;
        return;
    }
    if (deed) erase_unsent(s, deed->nonce());
    const auto* const draft = std::get_if<protocol::draft>(&record);
    const room* const r = draft ? find_room(m, draft->room) : nullptr;
    if (r && r->joined && !m.drafts.has(draft->room)) keep_draft(s, draft->room, draft->text);
    follow_draft(s);
    note(s, sentence(error.message));
}

void store_records(step& s) {
    model& m = s.model;
    m.records_due_ms = 0;
    m.stored_personal = m.personal.seq().value_or(0);
    s.out.push_back(store{personal_key(m.me), to_stored(m.personal)});
}

void take_records(step& s, std::uint64_t seq, bool anew, const personal_log::change_list& changes) {
    model& m = s.model;
    m.personal.take(seq, anew, changes);
    bool has_news = anew || seq >= m.stored_personal + stored_behind_max;
    for (const protocol::personal_record& change : changes) {
        if (!protocol::is_kept_kind(change.body)) continue;
        has_news = true;
        yield_to_log(s, change.body);
    }
    if (has_news && m.records_due_ms == 0) m.records_due_ms = s.now_ms + store_pause_ms;
    follow_draft(s);
}

// Until the server has it, the browser keeps a copy of its own. One that is too long stays there.
void share_draft(step& s, const std::string& room) {
    model& m = s.model;
    if (m.draft_due && m.draft_due->room == room) m.draft_due.reset();
    const std::string text = without_controls(m.drafts.text_in(room));
    if (text.empty() || text.size() > protocol::limits::text_bytes_max) return;
    keep_record(s, protocol::set_draft{.id = 0, .room = room, .text = text});
}

void end_draft(step& s, const std::string& room) {
    if (s.model.draft_due && s.model.draft_due->room == room) s.model.draft_due.reset();
    keep_draft(s, room, "");
    if (kept<protocol::draft>(s.model, room))
        keep_record(s, protocol::set_draft{.id = 0, .room = room, .text = {}});
}

void drop_draft(step& s, const std::string& room) {
    model& m = s.model;
    if (m.draft_due && m.draft_due->room == room) m.draft_due.reset();
    keep_draft(s, room, "");
    const std::string nonce = record_nonce(protocol::draft{.room = room, .text = {}});
    if (m.unsent.find(nonce)) erase_unsent(s, nonce);
    if (room == m.open && m.composer.shown != draft_in(m, room)) fill_composer(s);
}

void write_draft(step& s, const std::string& room, const std::string& text) {
    keep_draft(s, room, text);
    if (room == s.model.open) {
        s.model.composer.shown = text;
        s.model.composer.from_log = false;
    }
    if (!s.model.drafts.has(room)) return end_draft(s, room);
    s.model.draft_due = {.room = room, .due_ms = s.now_ms + draft_pause_ms};
}

// What another device wrote stands in the composer, unless something was typed there that the log
// has never had while the composer was left alone.
void follow_draft(step& s) {
    model& m = s.model;
    if (m.open.empty() || m.writing || m.editor || m.drafts.has(m.open)) return;
    composer_text& composer = m.composer;
    if (draft_in(m, m.open) == composer.shown)
        composer.from_log = true;
    else if (composer.from_log || composer.shown.empty())
        fill_composer(s);
}

}  // namespace parley::state
