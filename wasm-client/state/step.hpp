// What the parts of the reducer share: the model, the time, and the few moves that several of them
// make.
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
void tell(step& step, std::string text);
// Beside the composer: what cannot be done, and why.
void note(step& step, std::string text);
bool refuse_offline(step& step);  // says so when there is no connection
// What the server says, as a sentence for people.
std::string sentence(std::string text);

// Rooms: show one, follow one, let one go, start one over.
void show_room(step& step, const std::string& name);
void show_some_room(step& step);
void subscribe_room(step& step, const std::string& name);
void forget_room(step& step, const std::string& name);
void start_over(step& step, const std::string& name);
void fill_gap(step& step, const std::string& name);
void list_rooms(step& step);
void apply_events(step& step, const std::string& name, const std::vector<protocol::event>& events);

// The outbox: no longer unsent, for whatever reason.
void erase_unsent(step& step, const std::string& nonce);
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
void ask_whoami(step& step);  // unless its answer is awaited
// `error`: what the server said; none when the answer was not the server's.
void whoami_failed(step& step, std::uint16_t status, const protocol::error* error);
void whoami_answered(reachability& server);
std::string untrusted_origin(const model& model);

}  // namespace parley::state
