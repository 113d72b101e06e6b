// POST /api/1/<type>: the protocol's requests, one at a time, for programs and for what sets a
// cookie.
#pragma once

#include "server/auth/accounts.hpp"
#include "server/base/token_buckets.hpp"
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
inline constexpr auto requests_per_address = base::allowance::one_each(2'000, 5);
inline constexpr std::size_t requesting_addresses_max = 10'000;

class api {
public:
    using answered = std::function<void(response)>;
    using hop = std::function<void(std::function<void()>)>;  // runs something on this shard's
                                                             // thread, from any thread

    using clock = base::steady_ms (*)();

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

    // Counts one more request or handshake from this address. 0, or how many milliseconds to wait
    // first; then nothing was counted.
    std::uint64_t admit_request(const std::string& address);

private:
    friend class api_call;

    chat::hub& hub_;
    auth::accounts& people_;
    const hop home_;
    const clock now_;
    const std::vector<std::string> origins_;
    const guest_policy guests_;
    const cookie_scope cookies_;
    base::token_buckets requests_{requests_per_address, requesting_addresses_max};
};

}  // namespace parley::http
