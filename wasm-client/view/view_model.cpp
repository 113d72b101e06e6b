// Writes the topics of the page, each by a function of its own.
#include "wasm-client/view/view_model.hpp"

#include "wasm-client/state/reading.hpp"
#include "wasm-client/view/person.hpp"

#include <algorithm>
#include <tuple>

namespace parley::view {
namespace {

using state::model;
using state::room;

// Who a direct room is drawn as: its other person, or all of them.
std::string person_in(const model& m, const room& r) {
    if (r.people.size() != 2) return r.title;
    return r.people[0] == m.me ? r.people[1] : r.people[0];
}

void write_stage(json_writer& out, const model& m) {
    switch (m.at) {
        case state::stage::loading: out.text("loading"); break;
        case state::stage::signed_out: out.text("sign-in"); break;
        case state::stage::signed_in: out.text("chat"); break;
    }
}

void write_link(json_writer& out, const model& m) {
    switch (m.link) {
        case state::connection::offline: out.text("offline"); break;
        case state::connection::connecting: out.text("connecting"); break;
        case state::connection::online: out.text("online"); break;
    }
}

constexpr const char* cookies_refused =
    "Your browser does not keep this site's cookie, so nobody can be signed in here. Allow cookies "
    "for this site in the browser's settings, then reload the page.";

void write_form(json_writer& out, const model& m) {
    out.open('{')
        .key(fields::guests)
        .flag(m.guests)
        .key(fields::busy)
        .flag(m.form.busy)
        .key(fields::problem)
        .text(m.cookies ? m.form.problem : cookies_refused);
    out.close('}');
}

// The text above the page while there is no connection; empty while it may soon come by itself.
std::string outage_text(const model& m, std::uint64_t now_ms) {
    if (!m.lost_since_ms) return "";
    const std::uint64_t lost_ms = now_ms - std::min(now_ms, *m.lost_since_ms);
    if (m.at == state::stage::loading) {
        if (m.server.unreachable)
            return m.server.cause.empty() ? "The server cannot be reached." : m.server.cause;
        return lost_ms < state::quiet_start_ms ? "" : "The server takes long to answer.";
    }
    const bool refused = m.server.refused_handshakes >= state::refused_handshakes_max;
    if (lost_ms < state::quiet_outage_ms && !refused) return "";
    const std::string cause = m.server.cause.empty() ? "You're offline." : m.server.cause;
    return cause + " Messages will be sent when you're back.";
}

void write_strip(json_writer& out, const model& m, const clock& clock) {
    const bool barred = !m.barred.empty();
    const std::string text = barred
                                 ? "Disconnected: " + m.barred + ". Reload the page to try again."
                                 : outage_text(m, clock.now_ms);
    const std::uint64_t wait_ms =
        m.server.next_try_ms - std::min(clock.now_ms, m.server.next_try_ms);
    out.open('{').key(fields::text).text(text);
    out.key(fields::retry).flag(!barred && !text.empty());
    out.key(fields::seconds).number(text.empty() ? 0 : (wait_ms + 999) / 1'000).close('}');
}

bool is_starred(const model& m, const std::string& room) {
    return state::kept<protocol::star>(m, room) != nullptr;
}
bool is_muted(const model& m, const std::string& room) {
    const auto* const level = state::kept<protocol::level>(m, room);
    return level && level->level == protocol::room_level::none;
}

// Rooms by title, then people by name.
void write_rooms(json_writer& out, const model& m) {
    struct entry {
        bool direct;
        std::string title;
        const std::string* name;
        const state::room* room;
    };
    std::vector<entry> entries;
    for (const auto& [name, r] : m.rooms)
        if (r.joined)
            entries.push_back({.direct = r.direct, .title = r.title, .name = &name, .room = &r});
    std::sort(entries.begin(), entries.end(), [](const entry& a, const entry& b) {
        return std::tie(a.direct, a.title, *a.name) < std::tie(b.direct, b.title, *b.name);
    });
    out.open('[');
    for (const entry& e : entries) {
        out.open('{')
            .key(fields::name)
            .text(*e.name)
            .key(fields::title)
            .text(e.title)
            .key(fields::direct)
            .flag(e.direct);
        out.key(fields::unread).number(e.room->unread()).key(fields::open).flag(*e.name == m.open);
        out.key(fields::starred).flag(is_starred(m, *e.name));
        out.key(fields::muted).flag(is_muted(m, *e.name));
        out.key(fields::draft).flag(*e.name != m.open && state::has_draft(m, *e.name));
        if (e.direct) write_person(out.key(fields::person), person_in(m, *e.room));
        out.close('}');
    }
    out.close(']');
}

void write_room(json_writer& out, const model& m, const room* r) {
    out.open('{').key(fields::name).text(m.open);
    if (r)
        out.key(fields::title)
            .text(r->title)
            .key(fields::direct)
            .flag(r->direct)
            .key(fields::joined)
            .flag(r->joined)
            .key(fields::starred)
            .flag(is_starred(m, m.open))
            .key(fields::muted)
            .flag(is_muted(m, m.open));
    out.close('}');
}

void write_presence(json_writer& out, const room* r) {
    out.open('{').key(fields::online).number(r ? r->online : 0).key(fields::people).open('[');
    if (r)
        for (const std::string& user : r->present) write_person(out, user);
    out.close(']').close('}');
}

// The text for a timeline that has no message.
void write_empty(json_writer& out, const model& m, const room* r) {
    if (!r) {
        out.text(m.link == state::connection::online ? "none" : "");
        return;
    }
    const bool loaded =
        r->subscribed == state::subscription::live && (r->head == 0 || !r->log.empty());
    bool has_messages = r->log.oldest() > 1 && !r->nothing_older;
    for (const state::stretch& one : r->log.stretches())
        for (const protocol::event& entry : one.entries)
            has_messages = has_messages || protocol::as<protocol::message>(entry);
    for (const auto& deed : m.unsent.messages())
        has_messages = has_messages || (deed.message() && deed.room() == m.open);
    out.text(!loaded || has_messages ? "" : r->direct ? "direct" : "room");
}

bool is_away(const model& m, const timeline& rows) { return rows.positioned(m) && !rows.at_end(m); }

// The bar above the timeline, while a person catches up. `at` is the time of the first unread
// message; 0: not known.
void write_news(json_writer& out, const model& m, const timeline& rows, const room* r) {
    const bool shown = r && r->catching_up && is_away(m, rows);
    std::uint64_t at_ms = 0;
    const std::uint64_t first = shown ? r->reading.seq + 1 : 0;
    const state::stretch* const part = shown ? r->log.around(first) : nullptr;
    for (std::size_t i = part ? part->index_of(first) : 0;
         part && i < part->entries.size() && at_ms == 0; ++i)
        if (state::is_news(part->entries[i], m.me)) at_ms = part->entries[i].at;
    out.open('{').key(fields::unread).number(shown ? r->unread() : 0);
    out.key(fields::at).number(at_ms).close('}');
}

void write_jump(json_writer& out, const model& m, const timeline& rows, const room* r) {
    const bool away = r && !r->catching_up && is_away(m, rows);
    const std::uint64_t unread = away ? r->unread() : 0;
    out.open('{').key(fields::shown).flag(away).key(fields::unread).number(unread).close('}');
}

// The problem of the directory, or the reason why it is empty.
std::string directory_text(const model& m) {
    if (m.link != state::connection::online)
        return "You're offline. Rooms appear here when you're back.";
    if (!m.browsed.problem.empty()) return m.browsed.problem;
    if (!m.browsed.complete) return "Looking for rooms…";
    return m.browsed.rooms.empty() ? "There are no public rooms yet." : "";
}

void write_directory(json_writer& out, const model& m) {
    out.open('{').key(fields::text).text(directory_text(m)).key(fields::rooms).open('[');
    for (const auto& summary : m.browsed.rooms) {
        const room* r = state::find_room(m, summary.room);
        out.open('{').key(fields::name).text(summary.room).key(fields::title).text(summary.title);
        out.key(fields::joined).flag(r && r->joined).close('}');
    }
    out.close(']').close('}');
}

void write_dialog(json_writer& out, const model& m) {
    switch (m.shown) {
        case state::dialog::none: out.text(""); break;
        case state::dialog::new_room: out.text("new-room"); break;
        case state::dialog::browse: out.text("browse"); break;
    }
}

void write_new_room(json_writer& out, const model& m) {
    const bool offline = m.link != state::connection::online;
    const std::string problem =
        offline ? "You're offline. You can create it when you're back." : m.new_room.problem;
    out.open('{')
        .key(fields::busy)
        .flag(m.new_room.busy || offline)
        .key(fields::problem)
        .text(problem);
    out.key(fields::existing).text(offline ? "" : m.new_room.existing).close('}');
}

// The question before signing out; empty when nothing would be lost.
void write_sign_out(json_writer& out, const model& m) {
    const std::size_t unsent = m.unsent.unfinished() - m.unsent.unfinished_records();
    const std::size_t drafts = m.drafts.all().size();
    const auto count = [](std::size_t number, const std::string& noun) {
        return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
    };
    std::string lost = unsent > 0 ? count(unsent, "unsent message") : "";
    if (drafts > 0) lost += (lost.empty() ? "" : " and ") + count(drafts, "draft");
    out.text(lost.empty() ? "" : "Signing out deletes " + lost + " from this browser. Sign out?");
}

void write_composer(json_writer& out, const model& m) {
    out.open('{')
        .key(fields::number)
        .number(m.composer.number)
        .key(fields::text)
        .text(m.composer.text);
    out.close('}');
}

// The line above the composer while it edits a message; after a conflict it has the wording that
// came first.
void write_editor(json_writer& out, const model& m, const room* r) {
    const auto& editor = m.editor;
    const bool shown = editor && editor->room == m.open;
    const protocol::event* const message = shown && r ? r->log.find(editor->seq) : nullptr;
    std::string text = shown ? "Editing a message" : "";
    if (message && editor->lost)
        text = "It now says: “" + std::string(protocol::text_of(*message)) + "”";
    out.open('{').key(fields::shown).flag(shown).key(fields::text).text(text).close('}');
}

// The unread messages in other rooms, for a phone, where the room list is hidden.
void write_elsewhere(json_writer& out, const model& m) {
    std::uint64_t unread = 0;
    for (const auto& [name, other] : m.rooms)
        unread += name == m.open || is_muted(m, name) ? 0 : other.unread();
    out.number(unread);
}

void write_title(json_writer& out, const model& m, const room* r) {
    std::uint64_t unread = 0;
    for (const auto& [name, other] : m.rooms) unread += is_muted(m, name) ? 0 : other.unread();
    std::string title = unread > 0 ? "(" + std::to_string(unread) + ") " : "";
    if (r) title += r->title + " · ";
    out.text(title + "Parley");
}

// Empty: the page follows the system.
void write_theme(json_writer& out, const model& m) {
    const auto* const theme = state::kept<protocol::setting>(m, "theme");
    out.text(theme ? theme->value : "");
}

void write_alert(json_writer& out, const model& m) {
    out.open('{')
        .key(fields::number)
        .number(m.latest_alert.number)
        .key(fields::text)
        .text(m.shown == state::dialog::none ? m.latest_alert.text : "")
        .close('}');
}

}  // namespace

template <class Write>
void view_model::topic(json_writer& out, patch topic, Write write) {
    json_writer value;
    write(value);
    std::string& last = last_values_[topic.word];
    if (last == value.written()) return;
    last = value.written();
    out.open(topic).raw(last).close(']');
}

std::string view_model::flush(const model& m, const clock& clock) {
    const room* r = state::find_room(m, m.open);
    json_writer out;
    out.open('[');
    topic(out, topics::form, [&](auto& value) { write_form(value, m); });
    topic(out, topics::view, [&](auto& value) { write_stage(value, m); });
    topic(out, topics::me, [&](auto& value) { write_person(value, m.me); });
    topic(out, topics::rooms, [&](auto& value) { write_rooms(value, m); });
    topic(out, topics::room, [&](auto& value) { write_room(value, m, r); });
    timeline_.flush(out, m, clock);
    topic(out, topics::empty, [&](auto& value) { write_empty(value, m, r); });
    topic(out, topics::news, [&](auto& value) { write_news(value, m, timeline_, r); });
    topic(out, topics::jump, [&](auto& value) { write_jump(value, m, timeline_, r); });
    topic(out, topics::typing, [&](auto& value) { value.text(r ? typing_line(r->typing) : ""); });
    topic(out, topics::presence, [&](auto& value) { write_presence(value, r); });
    topic(out, topics::directory, [&](auto& value) { write_directory(value, m); });
    topic(out, topics::dialog, [&](auto& value) { write_dialog(value, m); });
    topic(out, topics::new_room, [&](auto& value) { write_new_room(value, m); });
    topic(out, topics::composer, [&](auto& value) { write_composer(value, m); });
    topic(out, topics::editor, [&](auto& value) { write_editor(value, m, r); });
    topic(out, topics::note, [&](auto& value) { value.text(m.note.text); });
    topic(out, topics::elsewhere, [&](auto& value) { write_elsewhere(value, m); });
    topic(out, topics::sign_out, [&](auto& value) { write_sign_out(value, m); });
    topic(out, topics::strip, [&](auto& value) { write_strip(value, m, clock); });
    topic(out, topics::alert, [&](auto& value) { write_alert(value, m); });
    topic(out, topics::theme, [&](auto& value) { write_theme(value, m); });
    topic(out, topics::title, [&](auto& value) { write_title(value, m, r); });
    topic(out, topics::connection, [&](auto& value) { write_link(value, m); });
    out.close(']');
    return out.written();
}

}  // namespace parley::view
