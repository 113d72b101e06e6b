// A request that asks to become a WebSocket: finds out whether there is room for it, whose it is,
// and where a connection of plain text enters its room. Owned by the http_session that read the
// request. One thread, the shard's.
#pragma once

#include "server/chat/identity.hpp"
#include "server/http/request.hpp"
#include "server/http/response.hpp"
#include "server/http/upgrade.hpp"
#include "server/net/connection_set.hpp"
#include "server/net/tally.hpp"
#include "server/net/websocket_session.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace parley::net {

// What the WebSocket begins with.
struct admission {
    http::upgrade upgrade;
    std::optional<chat::identity> identity;  // nothing: it is asked to sign in, and closed
    std::uint64_t plain_entry = 0;           // where a connection of plain text enters its room
    std::vector<std::string> cookies;        // for the answer to its handshake
    tally::ticket ticket;  // behind a proxy: counts it for the address that the proxy names
};

class arrival : public std::enable_shared_from_this<arrival> {
public:
    using answered = std::function<void(std::variant<admission, http::response>)>;

    // `peer`: the network that the connection itself comes from. `done` is called at most once, on
    // this thread, possibly at once. It is not called after the returned value was destroyed.
    static std::shared_ptr<void> begin(connection_set& connections, http::request request,
                                       http::upgrade upgrade, const std::string& peer,
                                       answered done);

    arrival(connection_set& connections, http::request request, answered done)
        : connections_(connections), request_(std::move(request)), done_(std::move(done)) {}

private:
    // A callback for the accounts, which answer on any thread: `act` runs on this shard, unless the
    // arrival has ended by then.
    template <class Result, class Act>
    std::function<void(Result)> on_shard(Act act) {
        return [weak = weak_from_this(), door = connections_.shard().door(),
                act = std::move(act)](Result result) {
            door->post([weak, act, result = std::move(result)] {
                if (const auto alive = weak.lock()) act(result);
            });
        };
    }

    void count(const std::string& peer);
    bool counts_with_others(const std::string& peer);
    void authenticate();
    void name_guest();
    void check_guest_name();
    void find_entry();
    void admit();
    void refuse(http::response answer);
    void refuse(const chat::refusal& refusal);

    connection_set& connections_;
    const http::request request_;
    answered done_;  // empty once called
    admission admission_;
};

// Goes on with the connection as a WebSocket, which answers the handshake with this request's id.
void open_websocket(connection_set& connections, websocket_session::handshake_result handshake,
                    admission admitted, const std::string& request_id);

}  // namespace parley::net
