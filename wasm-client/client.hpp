// The program in the browser. It passes each input to reduce(), carries out the effects, and gives
// the page the patches for its next frame. README.md shows the loop.
#pragma once

#include "wasm-client/state/reduce.hpp"
#include "wasm-client/transport/reconnect.hpp"
#include "wasm-client/transport/socket.hpp"
#include "wasm-client/view/view_model.hpp"

#include <string>

namespace parley {

class client {
public:
    client();

    void start(std::string socket_url, std::string wished_room);
    void dispatch(const state::input& input);
    const char* flush();  // JSON list of patches; good until the next call

    void scrolled(double above_px, double below_px, double height_px, double moved_px,
                  std::uint64_t seen);
    void page_visible(bool visible);
    void jump_to_latest();
    // Whether the text left the composer for good. An edit puts the draft there by itself.
    bool send(const char* room, const char* text);
    void come_back();

private:
    // The effects, one function for each.
    void carry_out(const state::send_frame& effect);
    void carry_out(const state::post& effect);
    void carry_out(const state::store& effect);
    void carry_out(const state::erase& effect);
    void carry_out(const state::load& effect);
    void carry_out(const state::drop_connection& effect);

    void keep_trying();
    void try_now();
    void connect();
    void wake_at_deadline();
    void look();

    std::string url_;
    state::model model_;
    view::view_model view_;
    transport::socket socket_;
    transport::reconnect reconnect_;
    std::string patches_;
    bool visible_ = true;
    std::uint64_t seen_ = 0;     // the newest message on the screen
    bool first_attempt_ = true;  // nothing was lost yet: no wait
    long reconnect_timer_ = 0;   // 0: none
    long deadline_timer_ = 0;
};

// The only client: the callbacks of the browser and the calls of the page reach it.
client& the_client();

}  // namespace parley
