// Turns each call of the page into one input, or passes it to the client.
#include "wasm-client/exports.hpp"

#include "wasm-client/bindings/page.hpp"
#include "wasm-client/client.hpp"
#include "wasm-client/state/names.hpp"

namespace {

using namespace parley::state;
using parley::the_client;

void dispatch(const input& in) { the_client().dispatch(in); }

inputs::stamp stamp_now() {
    return {.random = parley::bindings::random_bits(), .date_ms = parley::bindings::date_ms()};
}

std::uint64_t seq_from(double number) { return static_cast<std::uint64_t>(number); }

}  // namespace

void parley_start(const char* socket_url, const char* wished_room) {
    the_client().start(socket_url, wished_room);
}
const char* parley_flush() { return the_client().flush(); }
void parley_posted(const char* type, const char* body, int status) {
    dispatch(
        inputs::posted{.type = type, .body = body, .status = static_cast<std::uint16_t>(status)});
}
void parley_cookies_refused() { dispatch(inputs::cookies_refused{}); }
void parley_came_back() { the_client().come_back(); }
void parley_visible(int visible) { the_client().page_visible(visible != 0); }
void parley_scrolled(double above_px, double below_px, double height_px, double moved_px,
                     double seen) {
    the_client().scrolled(above_px, below_px, height_px, moved_px, seq_from(seen));
}

void parley_sign_up(const char* user, const char* password) {
    dispatch(inputs::sign_up{user, password});
}
void parley_sign_in(const char* user, const char* password) {
    dispatch(inputs::sign_in{user, password});
}
void parley_sign_in_guest(const char* user) { dispatch(inputs::sign_in_guest{user}); }
void parley_sign_out() { dispatch(inputs::sign_out{}); }
void parley_show_room(const char* room) { dispatch(inputs::show_room{room}); }
void parley_open_direct(const char* user) { dispatch(inputs::open_direct{user, stamp_now()}); }
void parley_create_room(const char* title) { dispatch(inputs::create_room{title, stamp_now()}); }
const char* parley_room_name_from(const char* title) {
    static std::string name;
    name = room_name_from(title);
    return name.c_str();
}
void parley_join_room(const char* room) { dispatch(inputs::join_room{room, stamp_now()}); }
void parley_leave_room(const char* room) { dispatch(inputs::leave_room{room, stamp_now()}); }
void parley_browse_rooms() { dispatch(inputs::browse_rooms{}); }
void parley_read_all() { dispatch(inputs::read_all{}); }
void parley_jump_to_latest() { the_client().jump_to_latest(); }
void parley_type_text(const char* room, const char* text) {
    dispatch(inputs::type_text{room, text});
}
void parley_write(int writing) { dispatch(inputs::write{writing != 0}); }
void parley_star_room(const char* room, int on) { dispatch(inputs::star_room{room, on != 0}); }
void parley_mute_room(const char* room, int on) { dispatch(inputs::mute_room{room, on != 0}); }
void parley_change_setting(const char* name, const char* value) {
    dispatch(inputs::change_setting{name, value});
}
void parley_offer_files() { dispatch(inputs::offer_files{}); }
void parley_new_room() { dispatch(inputs::new_room{}); }
void parley_close_dialog() { dispatch(inputs::close_dialog{}); }
void parley_edit_form() { dispatch(inputs::edit_form{}); }
int parley_send(const char* room, const char* text) {
    return the_client().send(room, text) ? 1 : 0;
}
void parley_change(const char* action, double seq, const char* nonce, const char* emoji) {
    if (const auto known = parley::protocol::action_of(action))
        dispatch(inputs::change_message{*known, seq_from(seq), nonce, emoji, stamp_now()});
}
void parley_edit_last() { dispatch(inputs::edit_last{}); }
void parley_cancel_edit() { dispatch(inputs::cancel_edit{}); }
void parley_retry(const char* nonce) { dispatch(inputs::retry{nonce}); }
void parley_discard(const char* nonce) { dispatch(inputs::discard{nonce}); }
