// JavaScript to C++: each call becomes one input.
#include "wasm-client/bindings/exports.hpp"

#include "wasm-client/bindings/program.hpp"
#include "wasm-client/state/names.hpp"

namespace {

using namespace parley::state;
using parley::bindings::the_program;

void happened(const input& in) { the_program().dispatch(in); }

}  // namespace

void parley_start(const char* socket_url, const char* wished_room) {
    the_program().start(socket_url, wished_room);
}
const char* parley_flush() { return the_program().flush(); }
void parley_posted(const char* type, const char* body, int status) {
    happened(inputs::posted{type, body, static_cast<std::uint16_t>(status)});
}
void parley_cookies_refused() { happened(inputs::cookies_refused{}); }
void parley_restored(const char* key, const char* value) { the_program().restored(key, value); }
void parley_came_back() { the_program().come_back(); }
void parley_visible(int visible) { the_program().page_visible(visible != 0); }
void parley_scrolled(double above_px, double below_px, double height_px, double moved_px) {
    the_program().scrolled(above_px, below_px, height_px, moved_px);
}

void parley_sign_up(const char* user, const char* password) {
    happened(inputs::sign_up{user, password});
}
void parley_sign_in(const char* user, const char* password) {
    happened(inputs::sign_in{user, password});
}
void parley_sign_in_guest(const char* user) { happened(inputs::sign_in_guest{user}); }
void parley_sign_out() { happened(inputs::sign_out{}); }
void parley_open_room(const char* room) { happened(inputs::open_room{room}); }
void parley_open_direct(const char* user) { happened(inputs::open_direct{user}); }
void parley_create_room(const char* title) { happened(inputs::create_room{title}); }
const char* parley_room_name_from(const char* title) {
    static std::string name;
    name = room_name_from(title);
    return name.c_str();
}
void parley_join_room(const char* room) { happened(inputs::join_room{room}); }
void parley_leave_room(const char* room) { happened(inputs::leave_room{room}); }
void parley_browse_rooms() { happened(inputs::browse_rooms{}); }
void parley_jump_to_latest() { the_program().jump_to_latest(); }
void parley_type_text(const char* room, const char* text) {
    happened(inputs::type_text{room, text});
}
void parley_offer_files() { happened(inputs::offer_files{}); }
void parley_new_room() { happened(inputs::new_room{}); }
void parley_close_dialog() { happened(inputs::close_dialog{}); }
void parley_edit_form() { happened(inputs::edit_form{}); }
int parley_say(const char* room, const char* text) { return the_program().say(room, text) ? 1 : 0; }
void parley_retry(const char* nonce) { happened(inputs::retry{nonce}); }
void parley_discard(const char* nonce) { happened(inputs::discard{nonce}); }
