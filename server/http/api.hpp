// POST /api/1/<type>: the protocol's requests, one at a time. Programs use it, and the page uses it
// where an answer sets a cookie.
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

// Requests from one address to one shard, whoever sends them: each makes the ledger look up a
// session at least. Enough for a company behind one address that reconnects all at once.
inline constexpr auto requests_per_address = base::allowance::one_each(2'000, 5);
inline constexpr std::size_t requesting_addresses_max = 10'000;

class api {
public:
    using answered = std::function<void(response)>;
    using post_to_shard = std::function<void(std::function<void()>)>;  // from any thread
    using clock = base::steady_ms (*)();

    api(chat::hub& hub, auth::accounts& accounts, post_to_shard post, clock now,
        std::vector<std::string> trusted_origins, guest_policy guests, cookie_scope cookies)
        : hub_(hub),
          accounts_(accounts),
          post_to_shard_(std::move(post)),
          now_(now),
          origins_(std::move(trusted_origins)),
          guests_(guests),
          cookies_(std::move(cookies)) {}

    // `done` is called at most once, on this thread, perhaps before this returns. It is not called
    // after the returned object is gone. REQUIRES: the path begins with api_prefix.
    std::shared_ptr<void> handle(request request, answered done);

    // Counts one more request or handshake from this address. 0, or how many milliseconds to wait
    // first; then nothing was counted.
    std::uint64_t admit_request(const std::string& address);

private:
    friend class api_call;

    chat::hub& hub_;
    auth::accounts& accounts_;
    const post_to_shard post_to_shard_;
    const clock now_;
    const std::vector<std::string> origins_;
    const guest_policy guests_;
    const cookie_scope cookies_;
    base::token_buckets requests_{requests_per_address, requesting_addresses_max};
};

}  // namespace parley::http
