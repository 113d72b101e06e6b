// The requests about accounts and sessions, and who a token belongs to. Any thread may call;
// answers come on any thread.
#pragma once

#include "server/auth/guess_limits.hpp"
#include "server/auth/passwords.hpp"
#include "server/base/token_buckets.hpp"
#include "server/chat/ledger.hpp"
#include "shared/protocol/account_requests.hpp"
#include "shared/protocol/messages.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

namespace parley::auth {

// Accounts, guests and rooms that an address makes, or asks for in vain: each costs a hash or a
// write.
inline constexpr auto newcomers_per_address = base::allowance::one_each(30, 1'000);

inline constexpr std::uint64_t hashing_retry_ms = 1'000;

// Where a request comes from.
struct requester {
    std::optional<chat::identity> who;  // by its session, if it has one
    std::string software;         // as the client calls itself; cut to what the protocol allows
    std::string address;          // of the far end, without its port
    bool guests_allowed = false;  // by the policy of this server, for this listener
    std::string device = {};      // what its browser kept as account_answer::device_token
};

struct account_answer {
    std::variant<protocol::ok, protocol::error> said;
    std::optional<std::string> new_token{};  // for Set-Cookie
    bool clear_cookie = false;
    std::optional<std::string> device_token{};  // for the browser to keep; see devices.hpp
};

class accounts {
public:
    using answered = std::function<void(account_answer)>;

    accounts(chat::ledger& log, std::function<base::steady_ms()> now,
             hash_cost cost = hash_cost::interactive());

    // Waits for the answers that are still to come. REQUIRES: the ledger is still there.
    ~accounts();

    // `done` is called exactly once.
    void carry_out(protocol::account_request what, requester from, answered done);

    // none: unknown or expired. refusal (`busy`, `internal`): could not be found out; it says
    // nothing about the token.
    using authenticated = std::variant<std::optional<chat::identity>, chat::refusal>;
    void authenticate(const std::string& token, std::function<void(authenticated)> done);

    // Whether a guest of one connection may take this name; otherwise why not.
    void check_guest_name(const std::string& user,
                          std::function<void(std::optional<chat::refusal>)> done);

    // Counts one more account, guest or room that is created from this address. 0, or how many
    // milliseconds to wait first; then nothing was counted. A program on this machine is not
    // slowed down for its address: it is the operator's own, or a proxy that does not name its
    // clients.
    std::uint64_t admit_newcomer(const std::string& address);

    // Passwords that wait to be hashed. Any thread.
    std::size_t waiting_passwords() const { return passwords_.waiting(); }

private:
    void handle(protocol::sign_up what, const requester& from, answered done);
    void handle(protocol::sign_in what, const requester& from, answered done);
    void handle(const protocol::sign_in_guest& what, const requester& from, answered done);
    void handle(const protocol::sign_out& what, const requester& from, answered done);
    void handle(const protocol::list_sessions& what, const requester& from, answered done);
    void handle(const protocol::revoke_session& what, const requester& from, answered done);
    void handle(const protocol::whoami& what, const requester& from, answered done);

    using id = std::optional<std::uint64_t>;
    void try_password(protocol::sign_in what, const requester& from,
                      const chat::found_person& person, answered done);
    guess_limits::admission take(const guess& attempt);
    void give_back(const guess& attempt, const guess_limits::admission& taken);

    chat::ledger& log_;
    const std::function<base::steady_ms()> now_;
    passwords passwords_;

    std::mutex mutex_;  // guards what follows
    std::condition_variable all_answered_;
    std::size_t under_way_ = 0;
    guess_limits guesses_;
    base::token_buckets newcomers_{newcomers_per_address, attempt_keys_max};
};

}  // namespace parley::auth
