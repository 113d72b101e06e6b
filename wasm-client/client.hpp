// The program in the browser: state, view, transport and page, wired. Lives as long as the page.
#pragma once

#include "wasm-client/bindings/program.hpp"
#include "wasm-client/state/reduce.hpp"
#include "wasm-client/transport/reconnect.hpp"
#include "wasm-client/transport/socket.hpp"
#include "wasm-client/view/view_model.hpp"

#include <string>

namespace parley {

class client final : public bindings::program {
public:
    client();

    void start(std::string socket_url, std::string wished_room) override;
    void dispatch(const state::input& happened) override;
    const char* flush() override;

    void restored(const char* key, const char* value) override;
    void scrolled(double above_px, double below_px, double height_px, double moved_px) override;
    void page_visible(bool visible) override;
    void jump_to_latest() override;
    bool say(const char* room, const char* text) override;
    void come_back() override;

private:
    void carry_out(const state::effect& effect);
    void drop_connection();
    void restore(const std::vector<std::string>& prefixes);
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
    state::inputs::restored restored_;
    bool visible_ = true;
    bool first_attempt_ = true;  // nothing was lost yet: no wait
    long reconnect_timer_ = 0;   // 0: none
    long deadline_timer_ = 0;
};

}  // namespace parley
