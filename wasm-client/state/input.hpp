// The inputs: everything that the network, the clock and the person can do. Only an input changes
// the model.
#pragma once

#include "shared/protocol/rights.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <variant>

namespace parley::state {
namespace inputs {

// For the nonce of what lasts.
struct stamp {
    std::uint64_t random = 0;   // 64 random bits
    std::uint64_t date_ms = 0;  // as people's clocks show it
};

// The page and the network.
struct started {
    std::string wished_room;  // from the page's address; may be empty
    std::string origin = {};  // of the page
    stamp at = {};
};
struct cookies_refused {};  // by the browser
struct posted {
    std::string type;
    std::string body;          // of the answer; empty without one
    std::uint16_t status = 0;  // of the HTTP answer; 0 without one
};
struct restored {
    std::map<std::string, std::string> values;
};
struct waits {
    std::uint64_t delay_ms;  // until the next attempt to reach the server
};
struct try_whoami {};  // check whether the server answers
struct connecting {};
struct opened {};
struct closed {
    std::uint16_t code;
};
struct received {
    std::string frame;
};
struct tick {};   // the time that next_deadline() gave has come
struct probe {};  // the network or the person came back: check whether the connection is alive

// The person.
struct sign_up {
    std::string user, password;
};
struct sign_in {
    std::string user, password;
};
struct sign_in_guest {
    std::string user;
};
struct sign_out {};
struct show_room {
    std::string room;
};
struct open_direct {
    std::string user;
    stamp at = {};
};
struct create_room {
    std::string title;
    stamp at = {};
};
struct join_room {
    std::string room;
    stamp at = {};
};
struct leave_room {
    std::string room;
    stamp at = {};
};
// Does this to a message of the open room, which is known by its seq, or by its nonce while it has
// none. `emoji`: to react with; the same again takes it back.
struct change_message {
    protocol::action action;
    std::uint64_t seq = 0;
    std::string nonce = {};
    std::string emoji = {};
    stamp at = {};
};
struct edit_last {};    // the newest own message
struct cancel_edit {};  // the composer has the draft again
struct browse_rooms {};
struct new_room {};
struct close_dialog {};
struct edit_form {};  // the forms of the sign-in view
// Of the stretch that is shown, which has this event.
struct load_older {
    std::uint64_t seq = 0;  // 0: the last stretch
};
struct load_newer {
    std::uint64_t seq;
};
struct look {
    bool page_visible, at_end;
    std::uint64_t seen = 0;  // the newest message on the screen
};
struct read_all {};  // of the open room
struct type_text {
    std::string room, text;  // the whole text of the composer
};
struct write {  // the composer has the focus, or lost it
    bool writing;
};
struct star_room {
    std::string room;
    bool on;
};
struct mute_room {
    std::string room;
    bool on;
};
struct change_setting {
    std::string name, value;
};
struct offer_files {};  // pasted or dropped
struct send {
    std::string room, text;
    std::uint64_t random;   // 64 random bits, for the nonce
    std::uint64_t date_ms;  // as people's clocks show it, for the row and the nonce
};
struct retry {
    std::string nonce;
};
struct discard {
    std::string nonce;
};

}  // namespace inputs

using input =
    std::variant<inputs::started, inputs::cookies_refused, inputs::posted, inputs::restored,
                 inputs::waits, inputs::try_whoami, inputs::connecting, inputs::opened,
                 inputs::closed, inputs::received, inputs::tick, inputs::probe, inputs::sign_up,
                 inputs::sign_in, inputs::sign_in_guest, inputs::sign_out, inputs::show_room,
                 inputs::open_direct, inputs::create_room, inputs::join_room, inputs::leave_room,
                 inputs::browse_rooms, inputs::new_room, inputs::close_dialog, inputs::edit_form,
                 inputs::load_older, inputs::load_newer, inputs::look, inputs::read_all,
                 inputs::type_text, inputs::write, inputs::star_room, inputs::mute_room,
                 inputs::change_setting, inputs::offer_files, inputs::send, inputs::change_message,
                 inputs::edit_last, inputs::cancel_edit, inputs::retry, inputs::discard>;

}  // namespace parley::state
