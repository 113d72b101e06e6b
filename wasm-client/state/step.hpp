// What the parts of the reducer share: the model, the time, and functions that several of them use.
#pragma once

#include "wasm-client/state/effect.hpp"
#include "wasm-client/state/input.hpp"
#include "wasm-client/state/model.hpp"

#include <string_view>

namespace parley::state {

struct step {
    state::model& model;
    std::uint64_t now_ms;
    effects& out;
};

// Sends a request under a new id, or later when too many wait for an answer.
void ask(step& step, protocol::request request);
void ask_later(step& step, protocol::request request, std::uint64_t delay_ms);
void show_alert(step& step, std::string text);
// Shows beside the composer what cannot be done, and why.
void note(step& step, std::string text);
// True without a connection, and notes that.
bool refuse_offline(step& step);
// A text of the server as a sentence for people.
std::string sentence(std::string text);

// Rooms.
void switch_to_room(step& step, const std::string& name);
void switch_to_any_room(step& step);
void begin_visit(step& step);  // of the open room
void subscribe_room(step& step, const std::string& name);
void forget_room(step& step, const std::string& name);
void drop_membership(step& step,
                     const std::string& name);  // forgets it, unless it is on the screen
void take_summary(step& step, const protocol::room_summary& summary);
// How much was said in a room, and its newest deletion, as a head or an answer tells.
void note_said(step& step, room& room, std::uint64_t said, std::uint64_t shrunk);
void ask_counts_soon(step& step, room& room);
void start_over(step& step, const std::string& name);  // drops the copy and subscribes again
void fill_gap(step& step, const std::string& name);
void list_rooms(step& step);
void apply_events(step& step, const std::string& name, const std::vector<protocol::event>& events);
// Puts this person among the people of their own reactions, where a fold finds them.
void name_own_reactions(protocol::event& event, const std::string& me);
// False: the page was of no use.
bool take_page(step& step, const std::string& name, page_of_log page);

// What lasts: deeds.cpp.
// Puts a request into the outbox, under a new nonce. False: the outbox is full; a note says so.
bool perform(step& step, protocol::request request, const inputs::stamp& at,
             std::string target_nonce = {});
void resolve_unsent(step& step, const std::string& nonce, std::uint64_t seq);
void confirm_unsent(step& step, const std::string& nonce, const protocol::ok& answer);
// Another wording came first, or the message is gone: the text stays with the person.
void give_back(step& step, const protocol::edit& refused, const protocol::error& error);
void submit_edit(step& step, const std::string& text, const inputs::stamp& at);
void close_editor(step& step);
void on_change(step& step, const inputs::change_message& in);
void on_edit_last(step& step);

// What the person keeps: records.cpp.
// Puts a change of a record into the outbox. False: that is full; a note says so.
bool keep_record(step& step, protocol::request request);
void record_answered(step& step, const protocol::personal_body& record,
                     std::optional<std::uint64_t> seq);
void record_refused(step& step, const protocol::personal_body& record,
                    const protocol::error& error);
void store_records(step& step);
void take_records(step& step, std::uint64_t seq, bool anew,
                  const personal_log::change_list& changes);
void write_draft(step& step, const std::string& room, const std::string& text);
void share_draft(step& step, const std::string& room);
void end_draft(step& step, const std::string& room);
// The room went from the list: nothing of its draft stays in the browser, or is sent.
void drop_draft(step& step, const std::string& room);
void follow_draft(step& step);

// The browser's copy of what is in the outbox.
void keep_unsent(step& step, const unsent& deed);
void forget_unsent(step& step, const std::string& nonce);
void erase_unsent(step& step, const std::string& nonce);  // from the outbox too

// The composer.
void stop_typing(step& step);
void keep_draft(step& step, const std::string& room, std::string_view text);
void fill_composer(step& step);  // with the draft of the open room

// The inputs, by file.
void on_notice(step& step, std::string_view frame);                       // notices.cpp
void on_ok(step& step, const protocol::ok& answer);                       // answers.cpp
void on_error(step& step, const protocol::error& answer);                 // answers.cpp
void on_closed(step& step, std::uint16_t code);                           // connection.cpp
void say_hello(step& step);                                               // connection.cpp
void on_welcome(step& step, const protocol::welcome& welcome);            // connection.cpp
void post_request(step& step, const protocol::account_request& request);  // account.cpp
void on_posted(step& step, const inputs::posted& answer);                 // account.cpp
void settle(step& step);                                                  // settle.cpp

// The way to the server: outage.cpp.
void ask_whoami(step& step);  // unless an answer is pending
// `error` is the server's own answer; null when the answer did not come from Parley.
void whoami_failed(step& step, std::uint16_t status, const protocol::error* error);
void whoami_answered(reachability& server);
std::string untrusted_origin(const model& model);

}  // namespace parley::state
