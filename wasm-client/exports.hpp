// Every function that the page calls. Texts are UTF-8 and end with NUL; they are read during the
// call.
#pragma once

#include <emscripten.h>

#define PARLEY_EXPORT extern "C" EMSCRIPTEN_KEEPALIVE

// The page and the network.
PARLEY_EXPORT void parley_start(const char* socket_url, const char* wished_room);
PARLEY_EXPORT const char* parley_flush();  // JSON list of patches; good until the next call
PARLEY_EXPORT void parley_posted(const char* type, const char* body, int status);
PARLEY_EXPORT void parley_cookies_refused();
PARLEY_EXPORT void parley_came_back();  // the network, or the person to the page: try at once
PARLEY_EXPORT void parley_visible(int visible);
// `seen`: the seq of the newest message on the screen
PARLEY_EXPORT void parley_scrolled(double above_px, double below_px, double height_px,
                                   double moved_px, double seen);

// The person.
PARLEY_EXPORT void parley_sign_up(const char* user, const char* password);
PARLEY_EXPORT void parley_sign_in(const char* user, const char* password);
PARLEY_EXPORT void parley_sign_in_guest(const char* user);
PARLEY_EXPORT void parley_sign_out();
PARLEY_EXPORT void parley_show_room(const char* room);
PARLEY_EXPORT void parley_open_direct(const char* user);
PARLEY_EXPORT void parley_create_room(const char* title);
PARLEY_EXPORT const char* parley_room_name_from(const char* title);  // good until the next call
PARLEY_EXPORT void parley_join_room(const char* room);
PARLEY_EXPORT void parley_leave_room(const char* room);
PARLEY_EXPORT void parley_browse_rooms();
PARLEY_EXPORT void parley_jump_to_latest();
PARLEY_EXPORT void parley_read_all();
PARLEY_EXPORT void parley_type_text(const char* room, const char* text);
PARLEY_EXPORT void parley_write(int writing);  // the composer has the focus
PARLEY_EXPORT void parley_star_room(const char* room, int on);
PARLEY_EXPORT void parley_mute_room(const char* room, int on);
PARLEY_EXPORT void parley_change_setting(const char* name, const char* value);
PARLEY_EXPORT void parley_offer_files();
PARLEY_EXPORT void parley_new_room();
PARLEY_EXPORT void parley_close_dialog();
PARLEY_EXPORT void parley_edit_form();
// 0: not accepted, and the text stays in the composer
PARLEY_EXPORT int parley_send(const char* room, const char* text);
// `action`: a word of protocol::action_words. A message by its seq; by its nonce, and 0, while it
// has none.
PARLEY_EXPORT void parley_change(const char* action, double seq, const char* nonce,
                                 const char* emoji);
PARLEY_EXPORT void parley_edit_last();
PARLEY_EXPORT void parley_cancel_edit();
PARLEY_EXPORT void parley_retry(const char* nonce);
PARLEY_EXPORT void parley_discard(const char* nonce);
