// One function for each input. The inputs of the person are carried out here.
#include "wasm-client/state/reduce.hpp"

#include "shared/markup/parse.hpp"
#include "shared/protocol/codec.hpp"
#include "shared/protocol/names.hpp"
#include "shared/protocol/text.hpp"
#include "wasm-client/state/names.hpp"
#include "wasm-client/state/reading.hpp"
#include "wasm-client/state/step.hpp"

#include <algorithm>

namespace parley::state {
namespace {

using namespace inputs;

bool is_room_name(const std::string& name) { return protocol::obeys(protocol::room_name, name); }

void on(step& s, const started& in) {
    if (is_room_name(in.wished_room)) s.model.wished = in.wished_room;
    s.model.origin = in.origin;
    s.model.tab = make_nonce(in.at.date_ms, in.at.random);
    s.model.lost_since_ms = s.now_ms;
    ask_whoami(s);
}

void on(step& s, const cookies_refused&) { s.model.cookies = false; }

void on(step& s, const posted& in) { on_posted(s, in); }

// A record of another tab becomes this one's too, so that those of closed tabs do not pile up. The
// tabs are in the order in which they were opened; the last one counts.
void restore_unsent(step& s, const std::string& key, unsent deed) {
    const std::string nonce = deed.nonce(), own_key = storage_key(s.model.me, nonce, s.model.tab);
    const bool is_others = deed.is_record() && key.starts_with(storage_key(s.model.me, nonce, ""));
    if (key != own_key && !is_others) return;
    if (!s.model.unsent.add(std::move(deed)) || key == own_key) return;
    s.out.push_back(store{key, ""});
    keep_unsent(s, *s.model.unsent.find(nonce));
}

void on(step& s, const restored& in) {
    model& m = s.model;
    m.stored_loaded = true;
    const std::string drafts = draft_prefix(m.me);
    for (const auto& [key, value] : in.values) {
        if (key == personal_key(m.me)) {
            if (auto log = personal_from_stored(value); log && !m.personal.seq())
                m.personal = std::move(*log);
            continue;
        }
        if (key.starts_with(drafts)) {
            keep_draft(s, key.substr(drafts.size()), value);
            continue;
        }
        if (auto deed = from_stored(value)) restore_unsent(s, key, std::move(*deed));
    }
    fill_composer(s);
}

void on(step& s, const waits& in) {
    s.model.server.next_try_ms = s.now_ms + in.delay_ms;
    s.model.come_back_after_ms = 0;  // the delay includes it
}
void on(step& s, const try_whoami&) { ask_whoami(s); }

void on(step& s, const connecting&) {
    s.model.link = connection::connecting;
    s.model.server.next_try_ms = 0;
    s.model.server.try_at_once = false;
    s.model.last_heard_ms = s.now_ms;
}

void on(step& s, const opened&) { say_hello(s); }
void on(step& s, const closed& in) { on_closed(s, in.code); }

void on(step& s, const received& in) {
    s.model.last_heard_ms = s.now_ms;
    on_notice(s, in.frame);
}

void on(step&, const tick&) {}

void on(step& s, const probe&) {
    if (s.model.link != connection::online || s.model.ping_sent) return;
    s.model.ping_sent = true;
    s.model.last_heard_ms = s.now_ms - std::min(s.now_ms, protocol::limits::ping_after_ms);
    ask(s, protocol::ping{});
}

void on(step& s, const sign_up& in) {
    post_request(s, protocol::sign_up{.id = {},
                                      .user = user_name_from(in.user),
                                      .password = in.password,
                                      .display_name = {}});
}

void on(step& s, const sign_in& in) {
    post_request(
        s, protocol::sign_in{.id = {}, .user = user_name_from(in.user), .password = in.password});
}

void on(step& s, const sign_in_guest& in) {
    post_request(s, protocol::sign_in_guest{.id = {}, .user = user_name_from(in.user)});
}

void on(step& s, const sign_out&) {
    s.model.signing_out = true;
    post_request(s, protocol::sign_out{});
}

void on(step& s, const show_room& in) {
    if (!is_room_name(in.room)) return;
    s.model.shown = dialog::none;
    if (s.model.link == connection::online || find_room(s.model, in.room))
        switch_to_room(s, in.room);
    else
        s.model.wished = in.room;
}

bool is_direct_room_with(const room& r, const std::string& user) {
    return r.direct && r.joined && r.people.size() == 2 &&
           std::find(r.people.begin(), r.people.end(), user) != r.people.end();
}

void on(step& s, const open_direct& in) {
    if (in.user == s.model.me || !protocol::obeys(protocol::user_name, in.user)) return;
    if (protocol::is_guest(s.model.me))
        return note(s, "Guests have no direct rooms. Create an account to write to people.");
    for (const auto& [name, r] : s.model.rooms)
        if (is_direct_room_with(r, in.user)) return switch_to_room(s, std::string(name));
    if (!refuse_offline(s))
        perform(s, protocol::open_direct{.id = 0, .nonce = {}, .people = {in.user}}, in.at);
}

// Gives the excess in characters, as people count it.
std::string too_long(const std::string& noun, const std::string& text, std::size_t bytes_max) {
    const auto characters = std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    });
    const std::uint64_t beyond = text.size() - bytes_max;
    const std::uint64_t count =
        (beyond * static_cast<std::uint64_t>(characters) + text.size() - 1) / text.size();
    return "This " + noun + " is about " + std::to_string(count) +
           (count == 1 ? " character" : " characters") + " too long.";
}

void on(step& s, const create_room& in) {
    const std::string title = protocol::to_single_line(in.title);
    const protocol::create_room request{
        .id = 0, .room = room_name_from(title), .title = title, .nonce = {}};
    new_room_form& form = s.model.new_room;
    if (form.busy || s.model.link != connection::online) return;
    form = {};
    if (request.room.empty())
        form.problem = "A room needs a title.";
    else if (title.size() > protocol::limits::title_bytes_max)
        form.problem = too_long("title", title, protocol::limits::title_bytes_max);
    else if (const auto fault = protocol::validate(request))
        form.problem = sentence(fault->message);
    if (!form.problem.empty()) return;
    form.busy = perform(s, request, in.at);
}

void on(step& s, const join_room& in) {
    s.model.note = {};
    s.model.browsed.problem.clear();
    if (is_room_name(in.room) && !refuse_offline(s))
        perform(s, protocol::join{.id = 0, .room = in.room, .nonce = {}}, in.at);
}

void on(step& s, const leave_room& in) {
    if (is_room_name(in.room) && !refuse_offline(s))
        perform(s, protocol::leave{.id = 0, .room = in.room, .nonce = {}}, in.at);
}

void on(step& s, const browse_rooms&) {
    s.model.shown = dialog::browse;
    list_rooms(s);
}

void on(step& s, const new_room&) {
    s.model.shown = dialog::new_room;
    s.model.new_room = {};
}

void on(step& s, const close_dialog&) { s.model.shown = dialog::none; }
void on(step& s, const edit_form&) { s.model.form.problem.clear(); }

void on(step& s, const load_older& in) {
    room* r = find_room(s.model, s.model.open);
    if (!r || r->subscribed != subscription::live || r->loading_page || r->log.full()) return;
    const stretch* const shown = in.seq == 0 ? r->log.tail() : r->log.around(in.seq);
    if (!shown || shown->from <= 1 || r->nothing_older) return;
    r->loading_page = true;
    ask(s, protocol::history{.id = 0,
                             .room = s.model.open,
                             .before = shown->from,
                             .after = {},
                             .around = {},
                             .limit = protocol::limits::history_page_max});
}

void on(step& s, const load_newer& in) {
    room* r = find_room(s.model, s.model.open);
    if (!r || r->subscribed != subscription::live || r->loading_page) return;
    const stretch* const shown = r->log.around(in.seq);
    if (!shown || shown == r->log.tail()) return;
    r->loading_page = true;
    ask(s, protocol::history{.id = 0,
                             .room = s.model.open,
                             .before = {},
                             .after = shown->to,
                             .around = {},
                             .limit = protocol::limits::history_page_max});
}

void on(step& s, const look& in) {
    model& m = s.model;
    const bool came_back = in.page_visible && !m.page_visible;
    m.page_visible = in.page_visible;
    m.at_end = in.at_end;
    m.seen = in.seen;
    if (!in.page_visible && m.records_due_ms != 0) store_records(s);  // it may never come back
    const room* r = find_room(m, m.open);
    if (came_back && r && r->unread() > 0) begin_visit(s);
}

void on(step& s, const read_all&) {
    room* r = find_room(s.model, s.model.open);
    if (r && r->joined) move_mark(*r, r->head, std::nullopt, s.model.me);
}

void on(step& s, const type_text& in) {
    if (in.room.empty()) return;
    const bool edits = s.model.editor && s.model.editor->room == in.room;
    if (edits)
        s.model.editor->text = in.text;
    else
        write_draft(s, in.room, in.text);
    if (in.room != s.model.open) return;  // a key pressed before the page showed the other room
    s.model.note = {};
    own_typing& typing = s.model.typing;
    const bool active = !edits && !s.model.drafts.text_in(in.room).empty();
    if (!active || s.model.link != connection::online) return stop_typing(s);
    if (typing.room != s.model.open) stop_typing(s);
    typing.last_key_ms = s.now_ms;
    if (typing.room == s.model.open &&
        s.now_ms < typing.sent_ms + protocol::limits::typing_interval_ms)
        return;
    const room* r = find_room(s.model, s.model.open);
    if (!r || r->subscribed != subscription::live) return;
    typing = {.room = s.model.open, .sent_ms = s.now_ms, .last_key_ms = s.now_ms};
    s.out.push_back(
        send_frame{protocol::encode(protocol::typing{.room = typing.room, .active = true})});
}

void on(step& s, const write& in) {
    s.model.writing = in.writing;
    follow_draft(s);
}

void on(step& s, const star_room& in) {
    if (is_room_name(in.room))
        keep_record(s, protocol::set_star{.id = 0, .room = in.room, .on = in.on});
}

void on(step& s, const mute_room& in) {
    const auto level = in.on ? protocol::room_level::none : protocol::room_level::all;
    if (is_room_name(in.room))
        keep_record(s, protocol::set_level{.id = 0, .room = in.room, .level = std::string(level)});
}

void on(step& s, const change_setting& in) {
    keep_record(s, protocol::change_setting{.id = 0, .name = in.name, .value = in.value});
}

void on(step& s, const offer_files&) {
    note(s,
         "Files can't be sent yet: they come with a later version. What you typed is still here.");
}

void on(step& s, const send& in) {
    model& m = s.model;
    if (in.room != m.open) return;  // Enter was pressed before the page showed the other room
    room* r = find_room(m, m.open);
    std::string text = clean_text(in.text);
    const bool edits = m.editor && m.editor->room == m.open;
    if (!r || (text.empty() && !edits)) return;
    const std::size_t bytes_max =
        std::min<std::size_t>(m.limits.text_bytes, protocol::limits::text_bytes_max);
    if (text.size() > bytes_max) return note(s, too_long("message", text, bytes_max));
    const std::string closing = markup::closing_fence(text);
    if (text.size() + closing.size() <= bytes_max) text += closing;
    const stamp at{.random = in.random, .date_ms = in.date_ms};
    if (edits) return submit_edit(s, text, at);
    const protocol::send request{
        .id = 0, .room = m.open, .nonce = {}, .text = text, .reply_to = {}};
    if (!perform(s, request, at)) return;
    end_draft(s, m.open);
    m.composer.shown.clear();
    m.note = {};
    r->new_after.reset();
    r->catching_up = false;
    ++m.accepted;
    stop_typing(s);
}

void on(step& s, const change_message& in) { on_change(s, in); }
void on(step& s, const edit_last&) { on_edit_last(s); }
void on(step& s, const cancel_edit&) { close_editor(s); }

void on(step& s, const retry& in) {
    unsent* message = s.model.unsent.find(in.nonce);
    if (!message || message->state != delivery::failed) return;
    message->state = delivery::waiting;
    message->problem.clear();
}

void on(step& s, const discard& in) {
    const unsent* message = s.model.unsent.find(in.nonce);
    if (!message || message->state != delivery::failed) return;
    for (const std::string& change : s.model.unsent.depending_on(in.nonce)) erase_unsent(s, change);
    erase_unsent(s, in.nonce);
}

}  // namespace

effects reduce(model& model, const input& in, std::uint64_t now_ms) {
    effects out;
    step s{.model = model, .now_ms = now_ms, .out = out};
    std::visit([&](const auto& known) { on(s, known); }, in);
    settle(s);
    return out;
}

}  // namespace parley::state
