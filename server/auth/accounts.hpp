// Carries out the requests about accounts and sessions, and finds whom a token belongs to. Any
// thread may call; answers come on any thread.
#pragma once

#include "server/auth/guess_limits.hpp"
#include "server/auth/passwords.hpp"
#include "server/base/mutex.hpp"
#include "server/base/token_buckets.hpp"
#include "server/chat/ledger.hpp"
#include "shared/protocol/account_requests.hpp"
#include "shared/protocol/messages.hpp"

#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace parley::auth {

// Accounts, guests and rooms that an address creates, or fails to create: each costs a hash or a
// write.
inline constexpr auto newcomers_per_address = base::allowance::one_each(30, 1'000);

inline constexpr std::uint64_t hashing_retry_ms = 1'000;

// Where a request comes from.
struct requester {
    std::optional<chat::identity> who;  // by its session, if it has one
    std::string software;               // the name that the client gives itself
    std::string address;                // of the far end, without its port
    bool guests_allowed = false;        // to this requester
    std::string device = {};            // the account_answer::device_token that its browser kept
};

struct account_answer {
    std::variant<protocol::ok, protocol::error> reply;
    std::optional<std::string> new_token{};  // for Set-Cookie
    bool clear_cookie = false;
    std::optional<std::string> device_token{};  // for the browser to keep; see devices.hpp
};

class accounts {
public:
    using answered = std::function<void(account_answer)>;

    accounts(chat::ledger& ledger, std::function<base::steady_ms()> now,
             hash_cost cost = hash_cost::interactive());

    // Waits until every request is answered. REQUIRES: the ledger outlives this.
    ~accounts();

    // `done` is called exactly once.
    void carry_out(protocol::account_request request, requester from, answered done);

    // No identity: the token is unknown or has expired. A refusal (`busy`, `internal`) says nothing
    // about the token: the ledger could not be asked.
    using authenticated = std::variant<std::optional<chat::identity>, chat::refusal>;
    void authenticate(const std::string& token, std::function<void(authenticated)> done);

    // No refusal: a guest without a session may use this name.
    void check_guest_name(const std::string& user,
                          std::function<void(std::optional<chat::refusal>)> done);

    // Counts one more account, guest or room that is created from this address. 0, or how many
    // milliseconds to wait first; then nothing was counted. A program on this machine is not
    // slowed down for its address: it is the operator's own, or a proxy that does not name its
    // clients.
    std::uint64_t admit_newcomer(const std::string& address);

    // Passwords that wait to be hashed.
    std::size_t waiting_passwords() const { return passwords_.waiting(); }

private:
    void handle(protocol::sign_up request, const requester& from, answered done);
    void handle(protocol::sign_in request, const requester& from, answered done);
    void handle(const protocol::sign_in_guest& request, const requester& from, answered done);
    void handle(const protocol::sign_out& request, const requester& from, answered done);
    void handle(const protocol::list_sessions& request, const requester& from, answered done);
    void handle(const protocol::revoke_session& request, const requester& from, answered done);
    void handle(const protocol::whoami& request, const requester& from, answered done);

    void add_account(const protocol::sign_up& request, const std::string& password_hash,
                     const std::string& software, answered done);
    void try_password(protocol::sign_in request, const requester& from,
                      const chat::found_person& person, answered done);
    guess_limits::admission take(const guess& attempt);
    void give_back(const guess& attempt, const guess_limits::admission& taken);

    chat::ledger& ledger_;
    const std::function<base::steady_ms()> now_;
    passwords passwords_;

    base::mutex mutex_;
    base::condition all_answered_;
    std::size_t pending_ GUARDED_BY(mutex_) = 0;  // requests without an answer
    guess_limits guesses_ GUARDED_BY(mutex_);
    base::token_buckets newcomers_ GUARDED_BY(mutex_){newcomers_per_address, attempt_keys_max};
};

}  // namespace parley::auth
