// POST /api/1/<type>: the protocol's requests, one at a time, for programs and for what sets a
// cookie.
#pragma once

#include "server/auth/accounts.hpp"
#include "server/auth/throttle.hpp"
#include "server/chat/hub.hpp"
#include "server/http/credentials.hpp"
#include "server/http/forwarding.hpp"
#include "server/http/request.hpp"
#include "server/http/response.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace parley::http {

inline constexpr std::string_view api_prefix = "/api/1/";

// What an address may ask of one shard, whoever it is: each request has the ledger look up a
// session at least. Enough for a company behind one address that comes back all at once.
inline constexpr auth::pace requests_per_address{2'000, 5};
inline constexpr std::size_t asking_addresses_max = 10'000;

class api {
public:
    using answered = std::function<void(response)>;
    using hop = std::function<void(std::function<void()>)>;  // runs something on this shard's
                                                             // thread, from any thread

    using clock = chat::steady_ms (*)();

    api(chat::hub& hub, auth::accounts& people, hop home, clock now,
        std::vector<std::string> trusted_origins, guest_policy guests, cookie_scope cookies)
        : hub_(hub),
          people_(people),
          home_(std::move(home)),
          now_(now),
          origins_(std::move(trusted_origins)),
          guests_(guests),
          cookies_(std::move(cookies)) {}

    // `done` is called at most once, on this thread, possibly at once: not any more when what is
    // returned has gone. REQUIRES: the path begins with api_prefix.
    std::shared_ptr<void> handle(request asked, answered done);

    // Takes the turn of one more request, or handshake, from there; 0, or the milliseconds to wait.
    std::uint64_t take_turn(const std::string& address);

private:
    friend class api_call;

    chat::hub& hub_;
    auth::accounts& people_;
    const hop home_;
    const clock now_;
    const std::vector<std::string> origins_;
    const guest_policy guests_;
    const cookie_scope cookies_;
    auth::throttle turns_{requests_per_address, asking_addresses_max};
};

}  // namespace parley::http
