// The browser's WebSocket, one connection at a time. All callbacks come on the page's only thread,
// and never during a call of this class.
#pragma once

#include <cstdint>
#include <string>

namespace parley::transport {

struct socket_listener {
    void (*opened)();
    void (*received)(std::string frame);
    void (*closed)(std::uint16_t code);
};

class socket {
public:
    explicit socket(socket_listener listener) : listener_(listener) {}
    ~socket() { close(); }
    socket(const socket&) = delete;
    socket& operator=(const socket&) = delete;

    // False when the browser refuses even to try. REQUIRES: idle().
    bool open(const std::string& url);
    bool idle() const { return handle_ == 0; }

    // Does nothing while the connection is not open: closed() will follow. REQUIRES: no NUL in the
    // frame.
    void send(const std::string& frame);

    // Ends the connection at once, without a callback.
    void close();

private:
    friend struct socket_events;

    socket_listener listener_;
    int handle_ = 0;
};

}  // namespace parley::transport
