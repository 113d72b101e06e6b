// Compares the rows in the page with the rows that it should show, by key: some are gone, some are
// new, some changed. Rows never change their order.
#include "wasm-client/view/timeline.hpp"

#include "shared/markup/plain_text.hpp"
#include "shared/protocol/text.hpp"
#include "wasm-client/state/pending.hpp"
#include "wasm-client/state/reading.hpp"
#include "wasm-client/state/rights.hpp"
#include "wasm-client/view/message_text.hpp"
#include "wasm-client/view/person.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace parley::view {
namespace {

constexpr std::size_t announced_bytes_max = 160;
constexpr std::uint64_t announced_at_once_max = 3;

constexpr const char* deleted_text = "This message was deleted.";

void write_reactions(json_writer& out, const protocol::message& message, const std::string& me) {
    out.key(fields::reactions).open('[');
    for (const protocol::reaction& one : message.reactions) {
        const bool mine = std::find(one.people.begin(), one.people.end(), me) != one.people.end();
        std::string people;
        for (const std::string& user : one.people)
            people += (people.empty() ? "" : ", ") + shown_name(user);
        if (one.count > one.people.size())
            people += " and " + std::to_string(one.count - one.people.size()) + " more";
        out.open('{').key(fields::emoji).text(one.emoji).key(fields::count).number(one.count);
        out.key(fields::mine).flag(mine).key(fields::people).text(people).close('}');
    }
    out.close(']');
}

// The menu of a message, in the order in which it is shown. `react` has no button but a row of
// emoji.
struct menu_button {
    protocol::action action;
    std::string_view text;
};
constexpr std::array menu{menu_button{protocol::action::react, ""},
                          menu_button{protocol::action::pin, "Pin"},
                          menu_button{protocol::action::edit, "Edit"},
                          menu_button{protocol::action::delete_message, "Delete"}};

void write_button(json_writer& out, protocol::action action, std::string_view text) {
    const auto word = protocol::action_words[static_cast<std::size_t>(action)];
    out.open('{').key(fields::action).text(word).key(fields::text).text(text).close('}');
}

void write_menu(json_writer& out, const protocol::event& message, const state::model& model) {
    out.key(fields::menu).open('[');
    for (const menu_button& button : menu)
        if (!protocol::as<protocol::message>(message)->deleted &&
            state::may(model, button.action, message))
            write_button(out, button.action,
                         button.action == protocol::action::pin && protocol::is_pinned(message)
                             ? "Unpin"
                             : button.text);
    out.close(']');
}

// Of a message that has no seq yet.
void write_menu_of_unsent(json_writer& out, bool deleted) {
    out.key(fields::menu).open('[');
    if (!deleted)
        for (const menu_button& button : menu)
            if (button.action == protocol::action::edit ||
                button.action == protocol::action::delete_message)
                write_button(out, button.action, button.text);
    out.close(']');
}

// What stands beside the time of a message.
void write_signs(json_writer& out, bool edited, bool pinned) {
    std::string signs = pinned ? "\xF0\x9F\x93\x8C pinned" : "";
    if (edited) signs += signs.empty() ? "edited" : ", edited";
    out.key(fields::signs).text(signs);
}

void write_content(json_writer& out, std::string_view text, bool deleted) {
    out.key(fields::deleted).flag(deleted);
    write_message_text(out, deleted ? deleted_text : text);
}

void write_message(json_writer& out, const row& row, const state::model& model) {
    const std::string& author = row.event ? row.event->author : model.me;
    out.key(fields::first).flag(row.starts_group).key(fields::mine).flag(author == model.me);
    out.key(fields::author);
    write_person(out, author);
    out.key(fields::state).text(row.delivery());
    if (row.event) {
        const auto& message = *protocol::as<protocol::message>(row.shown());
        out.key(fields::seq).number(row.event->seq);
        write_reactions(out, message, model.me);
        write_menu(out, row.shown(), model);
        write_signs(out, message.edited.has_value(), protocol::is_pinned(row.shown()));
        return write_content(out, protocol::text_of(row.shown()), message.deleted.value_or(false));
    }
    const auto unsent = state::as_pending(model.unsent, *row.message);
    out.key(fields::nonce).text(row.message->nonce());
    out.key(fields::problem).text(row.message->problem);
    write_menu_of_unsent(out, unsent.deleted);
    write_signs(out, unsent.edited && !unsent.deleted, false);
    write_content(out, unsent.text, unsent.deleted);
}

std::string note_of(const protocol::event& event) {
    const std::string who = shown_name(event.author);
    if (protocol::as<protocol::created>(event)) return who + " created this room";
    return who + (protocol::as<protocol::joined>(event) ? " joined" : " left");
}

void write_row(json_writer& out, const row& row, const state::model& model, const clock& clock) {
    out.open('{')
        .key(fields::key)
        .text(row.key())
        .key(fields::at)
        .number(row.at_ms())
        .key(fields::kind);
    switch (row.kind) {
        case row_kind::message: write_message(out.text(row_kinds::message.word), row, model); break;
        case row_kind::day:
            out.text(row_kinds::day.word).key(fields::word).text(row.look(model, clock));
            break;
        case row_kind::new_line: out.text(row_kinds::new_line.word); break;
        case row_kind::note:
            out.text(row_kinds::note.word).key(fields::text).text(note_of(*row.event));
            break;
    }
    out.close('}');
}

}  // namespace

// Only the person moves the window. If the rows that a move brings could cause the next move, a
// page of uneven rows would go up and down without end. A move must not remove visible rows, unless
// the page is at its very edge.
void timeline::scrolled(double above_px, double below_px, double height_px, double moved_px) {
    if (moved_px != 0) upwards_ = moved_px < 0;
    const double edge_px = edge_screens * height_px;
    const double chunk_px = (above_px + height_px + below_px) * rows_shifted / rows_max;
    window_.at_top = upwards_ && above_px < edge_px && (below_px > chunk_px || above_px < 1);
    window_.at_bottom = !upwards_ && below_px < edge_px && (above_px > chunk_px || below_px < 1);
    window_.pinned = positioned_ && window_.reaches_end && below_px <= end_px;
}

void timeline::jump_to_latest() {
    window_ = {};
    positioned_ = true;
}

std::uint64_t timeline::wants_older(const state::model& model) const {
    const state::room* room = state::find_room(model, model.open);
    if (!room || room_ != model.open || !window_.at_top || window_.first == 0) return 0;
    const state::stretch* const part = window_.stretch_in(room->log);
    return part && part->index_of(window_.first) < rows_max ? window_.first : 0;
}

std::uint64_t timeline::wants_newer(const state::model& model) const {
    const state::room* room = state::find_room(model, model.open);
    if (!room || room_ != model.open || !window_.at_bottom || window_.first == 0) return 0;
    const state::stretch* const part = window_.stretch_in(room->log);
    if (!part || part == room->log.tail()) return 0;
    return part->entries.size() < part->index_of(window_.first) + 2 * rows_max ? window_.first : 0;
}

bool timeline::positioned(const state::model& model) const {
    const state::room* room = state::find_room(model, model.open);
    return positioned_ && room && room_ == model.open && visit_ == room->visit;
}

void timeline::begin_room(json_writer& out, const std::string& room) {
    room_ = room;
    window_ = {};
    positioned_ = false;
    announced_ = 0;
    shown_.clear();
    out.open(row_patches::clear).close(']');
}

void timeline::flush(json_writer& out, const state::model& model, const clock& clock) {
    if (room_ != model.open) begin_room(out, model.open);
    const state::room* room = state::find_room(model, model.open);
    if (!room) return;
    if (visit_ != room->visit || (window_.first != 0 && !window_.stretch_in(room->log))) {
        visit_ = room->visit;
        window_ = {};
        positioned_ = false;
    }
    if (!positioned_) choose_place(*room);
    std::vector<row> rows;
    if (window_.stretch_in(room->log)) fit(window_, model, *room, clock);
    if (window_.pinned || window_.stretch_in(room->log))
        rows = rows_in(window_, model, *room, clock);
    const bool changed = patch_rows(out, model, rows, clock);
    scroll(out, rows, changed);
    announce(out, model, *room);
}

// At the first unread message, with some rows above it. The page waits for it while it may come.
void timeline::choose_place(const state::room& room) {
    if (!room.catching_up || room.subscribed == state::subscription::none) {
        window_.pinned = true;
        return;
    }
    const std::uint64_t first = *room.new_after + 1;
    window_.pinned = false;
    window_.first = room.log.around(first) ? first : 0;
    window_.at_top = true;
}

bool timeline::patch_rows(json_writer& out, const state::model& model, const std::vector<row>& rows,
                          const clock& clock) {
    std::vector<shown> wanted;
    std::vector<std::string_view> keys;
    wanted.reserve(rows.size());
    keys.reserve(rows.size());
    for (const row& row : rows) wanted.push_back({row.key(), row.look(model, clock)});
    for (const shown& row : wanted) keys.push_back(row.key);
    std::sort(keys.begin(), keys.end());
    bool changed = false;
    std::erase_if(shown_, [&](const shown& old) {
        if (std::binary_search(keys.begin(), keys.end(), std::string_view(old.key))) return false;
        out.open(row_patches::remove).text(old.key).close(']');
        return changed = true;
    });
    // The old rows that remain are a subsequence of the wanted ones.
    std::size_t old = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool kept = old < shown_.size() && shown_[old].key == wanted[i].key;
        if (kept && shown_[old++].look == wanted[i].look) continue;
        changed = true;
        out.open(kept ? row_patches::update : row_patches::insert);
        if (!kept) out.text(old < shown_.size() ? shown_[old].key : "");
        write_row(out, rows[i], model, clock);
        out.close(']');
    }
    shown_ = std::move(wanted);
    return changed;
}

// A room opens at its "New" line, otherwise at its end; a pinned page stays at the end.
void timeline::scroll(json_writer& out, const std::vector<row>& rows, bool changed) {
    if (rows.empty() || (positioned_ && !(changed && window_.pinned))) return;
    std::string target = "end";
    if (!positioned_)
        for (const row& row : rows)
            if (row.kind == row_kind::new_line) target = row.key();
    if (target != "end") window_.pinned = false;  // until the page reports its scroll position
    positioned_ = true;
    out.open(row_patches::scroll).text(target).close(']');
}

// Reads out the messages of others. If there are many at once, it only gives their number.
void timeline::announce(json_writer& out, const state::model& model, const state::room& room) {
    const std::uint64_t since = std::exchange(announced_, room.log.top());
    const state::stretch* const tail = room.log.tail();
    if (since == 0 || !tail || announced_ <= since) return;
    std::vector<const protocol::event*> messages;
    for (std::size_t i = tail->index_of(since + 1); i < tail->entries.size(); ++i)
        if (state::is_news(tail->entries[i], model.me)) messages.push_back(&tail->entries[i]);
    const auto read_out = [&](std::string_view text) {
        out.open(row_patches::announce).text(text).close(']');
    };
    if (messages.size() > announced_at_once_max)
        return read_out(std::to_string(messages.size()) + " new messages");
    for (const auto* event : messages)
        read_out(shown_name(event->author) + ": " +
                 std::string(protocol::cut_utf8(markup::plain_text(protocol::text_of(*event)),
                                                announced_bytes_max)));
}

}  // namespace parley::view
