// Hashing and checking passwords: argon2id on a few threads of its own, because one takes tens of
// milliseconds and 64 MiB. The pool bounds both, and is fair to those who wait.
#pragma once

#include "server/auth/fair_queue.hpp"

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace parley::auth {

inline constexpr std::size_t waiting_passwords_max = 64;
inline constexpr std::size_t delayed_passwords_max = 256;
inline constexpr std::size_t password_threads = 2;

// RFC 9106, section 4. `interactive` is libsodium's choice for sign-ins.
struct hash_cost {
    unsigned long long passes;
    std::size_t memory_bytes;
    static hash_cost interactive();
};

// Stands in for the hash of a person who has none: well-formed, of this cost, of no password that
// anyone knows.
std::string hash_nobody_has(hash_cost cost);

// Busy: too many wait, the pool ends, or memory ran out.
enum class verdict { right, wrong, busy };

// Where a password waits.
struct password_turn {
    std::string lane;            // of its source: sources take turns
    std::uint64_t delay_ms = 0;  // before it waits for its turn
    bool known = false;          // strangers do not take its place
};

class passwords {
public:
    explicit passwords(hash_cost cost = hash_cost::interactive(),
                       std::size_t threads = password_threads);

    ~passwords() { end(); }

    // What waits hears `busy` at once, and so does what still comes; returns when the hashing under
    // way is answered.
    void end();

    // `done` runs on a thread of the pool; when too many wait, at once in the caller's, or in that
    // of one whose password takes the place. None: busy.
    void hash(std::string password, const password_turn& turn,
              std::function<void(std::optional<std::string>)> done);

    // In constant time. An empty hash, of a person who has none, takes as long as any other and is
    // never right.
    void check(std::string password, std::string hash, const password_turn& turn,
               std::function<void(verdict)> done);

    // Any thread.
    std::size_t waiting() const;

private:
    // Whether a job is hashed, or only answered.
    enum class chance { given, missed };
    using job = std::function<void(chance)>;
    using clock = std::chrono::steady_clock;

    verdict check_now(const std::string& password, const std::string& hash) const;
    void offer(const password_turn& turn, job work);
    void run();
    job next_job(std::unique_lock<std::mutex>& lock);

    const hash_cost cost_;
    const std::string nobodys_hash_;

    mutable std::mutex mutex_;  // guards what follows
    std::condition_variable job_came_;
    fair_queue<job> waiting_{waiting_passwords_max};
    std::multimap<clock::time_point, job> delayed_;
    bool delayed_goes_first_ = false;  // they and those that wait take turns
    bool ending_ = false;

    std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace parley::auth
