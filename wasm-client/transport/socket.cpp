// The only file that includes emscripten/websocket.h. An exception of JavaScript would skip our
// stack frames, so nothing is sent or closed in a state in which the browser throws.
#include "wasm-client/transport/socket.hpp"

#include "shared/ensure.hpp"
#include "shared/protocol/messages.hpp"

#include <emscripten/websocket.h>
#include <utility>

namespace parley::transport {

// The callbacks of the browser. Events of a connection that close() has left are ignored.
struct socket_events {
    static EM_BOOL opened(int, const EmscriptenWebSocketOpenEvent* event, void* self) {
        const auto& owner = *static_cast<socket*>(self);
        if (event->socket == owner.handle_) owner.listener_.opened();
        return EM_TRUE;
    }

    // numBytes counts the NUL behind a text.
    static EM_BOOL received(int, const EmscriptenWebSocketMessageEvent* event, void* self) {
        const auto& owner = *static_cast<socket*>(self);
        if (event->socket != owner.handle_ || !event->isText || event->numBytes == 0)
            return EM_TRUE;
        owner.listener_.received({reinterpret_cast<const char*>(event->data), event->numBytes - 1});
        return EM_TRUE;
    }

    static EM_BOOL closed(int, const EmscriptenWebSocketCloseEvent* event, void* self) {
        auto& owner = *static_cast<socket*>(self);
        if (event->socket != owner.handle_) return EM_TRUE;
        const auto code = static_cast<std::uint16_t>(event->code);
        emscripten_websocket_delete(std::exchange(owner.handle_, 0));
        owner.listener_.closed(code);
        return EM_TRUE;
    }
};

bool socket::open(const std::string& url) {
    ensure(idle());
    EmscriptenWebSocketCreateAttributes attributes{.url = url.c_str(),
                                                   .protocols = protocol::subprotocol.data(),
                                                   .createOnMainThread = EM_TRUE};
    const int handle = emscripten_websocket_new(&attributes);
    if (handle <= 0) return false;
    handle_ = handle;
    emscripten_websocket_set_onopen_callback(handle, this, socket_events::opened);
    emscripten_websocket_set_onmessage_callback(handle, this, socket_events::received);
    emscripten_websocket_set_onclose_callback(handle, this, socket_events::closed);
    return true;
}

void socket::send(const std::string& frame) {
    constexpr unsigned short open_state = 1;
    unsigned short state = 0;
    if (idle() || emscripten_websocket_get_ready_state(handle_, &state) < 0 || state != open_state)
        return;
    ensure(frame.find('\0') == frame.npos);
    emscripten_websocket_send_utf8_text(handle_, frame.c_str());
}

void socket::close() {
    if (idle()) return;
    const int handle = std::exchange(handle_, 0);
    emscripten_websocket_close(handle, static_cast<unsigned short>(1000), "");
    emscripten_websocket_delete(handle);
}

}  // namespace parley::transport
