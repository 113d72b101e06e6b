// What the page's calls reach. There is one; main.cpp has it.
#pragma once

#include "wasm-client/state/input.hpp"

#include <string>

namespace parley::bindings {

class program {
public:
    virtual void start(std::string socket_url, std::string wished_room) = 0;
    virtual void dispatch(const state::input& happened) = 0;
    virtual const char* flush() = 0;  // JSON list of patches; good until the next call

    virtual void restored(const char* key, const char* value) = 0;
    virtual void scrolled(double above_px, double below_px, double height_px, double moved_px) = 0;
    virtual void page_visible(bool visible) = 0;
    virtual void jump_to_latest() = 0;
    virtual bool say(const char* room, const char* text) = 0;  // whether it was taken
    virtual void come_back() = 0;

protected:
    ~program() = default;
};

program& the_program();

}  // namespace parley::bindings
