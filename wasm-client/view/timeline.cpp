// Old rows against new rows by key: what is gone, what is new, what changed. Rows never change
// their order.
#include "wasm-client/view/timeline.hpp"

#include "shared/protocol/text.hpp"
#include "wasm-client/view/links.hpp"
#include "wasm-client/view/person.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace parley::view {
namespace {

constexpr std::size_t announced_bytes_max = 160;
constexpr std::uint64_t announced_at_once_max = 3;

void write_text(json_writer& out, std::string_view text) {
    out.key("parts").open('[');
    for (const piece& piece : find_links(text)) {
        if (piece.link)
            out.open('[').text(piece.text).close(']');
        else
            out.text(piece.text);
    }
    out.close(']');
}

void write_message(json_writer& out, const row& row, const std::string& me) {
    const std::string& author = row.event ? row.event->author : me;
    out.key("first").flag(row.starts_group).key("mine").flag(author == me);
    out.key("author");
    write_person(out, author);
    out.key("state").text(row.delivery());
    if (row.event) {
        out.key("seq").number(row.event->seq);
        return write_text(out, row.event->text.value_or(""));
    }
    const state::unsent& message = *row.message;
    out.key("nonce").text(message.nonce).key("problem").text(message.problem);
    write_text(out, message.text);
}

std::string note_of(const protocol::event& event) {
    if (event.kind == protocol::event_kind::created) return event.author + " created this room";
    return event.author + (event.kind == protocol::event_kind::joined ? " joined" : " left");
}

void write_row(json_writer& out, const row& row, const std::string& me, const clock& clock) {
    out.open('{').key("key").text(row.key()).key("at").number(row.at_ms()).key("kind");
    switch (row.kind) {
        case row_kind::message: write_message(out.text("message"), row, me); break;
        case row_kind::day: out.text("day").key("word").text(row.look(clock)); break;
        case row_kind::new_line: out.text("new"); break;
        case row_kind::note: out.text("note").key("text").text(note_of(*row.event)); break;
    }
    out.close('}');
}

}  // namespace

// The window follows the person alone: if what one move brought on the page could cause the next, a
// page of uneven rows would go up and down for ever. A move must not take away what is visible,
// unless the person stands at the very edge.
void timeline::scrolled(double above_px, double below_px, double height_px, double moved_px) {
    if (moved_px != 0) upwards_ = moved_px < 0;
    const double edge_px = edge_screens * height_px;
    const double chunk_px = (above_px + height_px + below_px) * rows_shifted / rows_max;
    window_.at_top = upwards_ && above_px < edge_px && (below_px > chunk_px || above_px < 1);
    window_.at_bottom = !upwards_ && below_px < edge_px && (above_px > chunk_px || below_px < 1);
    window_.pinned = placed_ && window_.reaches_end && below_px <= end_px;
}

void timeline::jump_to_latest() {
    window_ = {};
    placed_ = true;
}

bool timeline::wants_older(const state::model& model) const {
    const state::room* room = state::find_room(model, model.open);
    return room && room_ == model.open && window_.at_top && window_.first != 0 &&
           room->has_older() && window_.first < room->log.oldest() + rows_max;
}

void timeline::begin_room(json_writer& out, const std::string& room) {
    room_ = room;
    window_ = {};
    placed_ = false;
    announced_ = 0;
    shown_.clear();
    out.open('[').text("clear").close(']');
}

void timeline::flush(json_writer& out, const state::model& model, const clock& clock) {
    if (room_ != model.open) begin_room(out, model.open);
    const state::room* room = state::find_room(model, model.open);
    if (!room) return;
    if (!room->log.empty())
        fit(window_, *room, clock);
    else if (window_.first != 0)
        window_ = {}, placed_ = false;  // the copy was dropped: begin at the newest again
    const std::vector<row> rows = rows_in(window_, model, *room, clock);
    place(out, rows, patch(out, model, rows, clock));
    announce(out, model, *room);
}

bool timeline::patch(json_writer& out, const state::model& model, const std::vector<row>& rows,
                     const clock& clock) {
    std::vector<shown> wanted;
    std::set<std::string_view> keys;
    wanted.reserve(rows.size());
    for (const row& row : rows) wanted.push_back({row.key(), row.look(clock)});
    for (const shown& row : wanted) keys.insert(row.key);
    bool changed = false;
    std::erase_if(shown_, [&](const shown& old) {
        if (keys.contains(old.key)) return false;
        out.open('[').text("remove").text(old.key).close(']');
        return changed = true;
    });
    // What is left of the old rows is a subsequence of the wanted ones.
    std::size_t old = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool kept = old < shown_.size() && shown_[old].key == wanted[i].key;
        if (kept && shown_[old++].look == wanted[i].look) continue;
        changed = true;
        out.open('[').text(kept ? "update" : "insert");
        if (!kept) out.text(old < shown_.size() ? shown_[old].key : "");
        write_row(out, rows[i], model.me, clock);
        out.close(']');
    }
    shown_ = std::move(wanted);
    return changed;
}

// A room opens at its "New" line, otherwise at its end; a pinned page stays at the end.
void timeline::place(json_writer& out, const std::vector<row>& rows, bool changed) {
    if (rows.empty() || (placed_ && !(changed && window_.pinned))) return;
    std::string target = "end";
    if (!placed_)
        for (const row& row : rows)
            if (row.kind == row_kind::new_line) target = row.key();
    if (target != "end") window_.pinned = false;  // until the page says where it came to stand
    placed_ = true;
    out.open('[').text("scroll").text(target).close(']');
}

// Reads out what others said; of many at once only how many.
void timeline::announce(json_writer& out, const state::model& model, const state::room& room) {
    const std::uint64_t since = std::exchange(announced_, room.log.top());
    if (since == 0 || announced_ <= since) return;
    std::vector<const protocol::event*> said;
    for (std::uint64_t seq = std::max(since + 1, room.log.oldest()); seq <= announced_; ++seq) {
        const protocol::event& event = room.log.at(seq);
        if (event.kind == protocol::event_kind::message && event.author != model.me)
            said.push_back(&event);
    }
    const auto tell = [&](std::string_view text) {
        out.open('[').text("announce").text(text).close(']');
    };
    if (said.size() > announced_at_once_max)
        return tell(std::to_string(said.size()) + " new messages");
    for (const auto* event : said)
        tell(event->author + ": " +
             std::string(protocol::cut_utf8(event->text.value_or(""), announced_bytes_max)));
}

}  // namespace parley::view
