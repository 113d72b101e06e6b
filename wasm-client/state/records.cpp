// What a person keeps: told by the server, changed through the outbox, and shown at once.
#include "shared/protocol/codec.hpp"
#include "wasm-client/state/step.hpp"

namespace parley::state {
namespace {

// Marks advance the log too; that alone is stored after so many changes.
constexpr std::uint64_t stored_behind_max = 100;

}  // namespace

bool keep_record(step& s, protocol::request request) {
    const unsent deed{.request = std::move(request)};
    if (!s.model.unsent.add(deed)) {
        note(s, "Too much waits to be sent. Try again when it is gone.");
        return false;
    }
    s.out.push_back(store{storage_key(s.model.me, deed.nonce()), to_stored(deed)});
    return true;
}

void take_records(step& s, std::uint64_t seq, bool anew, const personal_log::change_list& changes) {
    model& m = s.model;
    m.personal.take(seq, anew, changes);
    bool has_news = anew;
    for (const protocol::personal_record& change : changes)
        has_news = has_news || protocol::is_kept_kind(change.body);
    if (has_news || seq >= m.stored_personal + stored_behind_max) {
        m.stored_personal = seq;
        s.out.push_back(store{personal_key(m.me), to_stored(m.personal)});
    }
    follow_draft(s);
}

// Until then it is this browser's alone. One that is too long to be sent stays so.
void share_draft(step& s, const std::string& room) {
    model& m = s.model;
    if (m.draft_due && m.draft_due->room == room) m.draft_due.reset();
    const std::string text = m.drafts.text_in(room);
    if (text.empty() || text.size() > protocol::limits::text_bytes_max) return;
    if (keep_record(s, protocol::set_draft{.id = 0, .room = room, .text = text}))
        keep_draft(s, room, "");
}

void end_draft(step& s, const std::string& room) {
    if (s.model.draft_due && s.model.draft_due->room == room) s.model.draft_due.reset();
    keep_draft(s, room, "");
    if (kept<protocol::draft>(s.model, room))
        keep_record(s, protocol::set_draft{.id = 0, .room = room, .text = {}});
}

void write_draft(step& s, const std::string& room, const std::string& text) {
    keep_draft(s, room, text);
    if (room == s.model.open) s.model.composer.shown = text;
    if (s.model.drafts.text_in(room).empty()) return end_draft(s, room);
    s.model.draft_due = {.room = room, .due_ms = s.now_ms + draft_pause_ms};
}

// What another device wrote stands in the composer, unless somebody writes there.
void follow_draft(step& s) {
    const model& m = s.model;
    if (m.open.empty() || m.writing || m.editor || !m.drafts.text_in(m.open).empty()) return;
    if (draft_in(m, m.open) != m.composer.shown) fill_composer(s);
}

}  // namespace parley::state
