// Hashes and checks passwords with argon2id. Each takes tens of milliseconds and 64 MiB, so a small
// pool of threads does it. The queue of the pool is bounded, and fair to all sources.
#pragma once

#include "server/auth/fair_queue.hpp"
#include "server/base/mutex.hpp"

#include <chrono>
#include <functional>
#include <map>
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

// A dummy hash that no password matches, as costly to check as a real one. It is checked when there
// is no such user, so that the answer takes as long.
std::string dummy_hash(hash_cost cost);

// busy: too many wait, the pool ends, or memory ran out.
enum class verdict { right, wrong, busy };

// Where a password waits; see fair_queue.
struct password_turn {
    std::string lane;            // names its source
    std::uint64_t delay_ms = 0;  // before it enters the queue
    bool known = false;          // the source has signed in before
};

class passwords {
public:
    explicit passwords(hash_cost cost = hash_cost::interactive(),
                       std::size_t threads = password_threads);

    ~passwords() { end(); }

    // Everything that waits is answered with `busy` at once, and so is everything that still comes.
    // Returns when the hashing that has begun is answered.
    void end();

    // `done` runs on a thread of the pool, unless the password is refused or displaced: then on the
    // thread that calls, or that displaces it. No value: busy.
    void hash(std::string password, const password_turn& turn,
              std::function<void(std::optional<std::string>)> done);

    // In constant time. An empty hash, of a person without a password, takes as long as any other
    // and is never right.
    void check(std::string password, std::string hash, const password_turn& turn,
               std::function<void(verdict)> done);

    // Any thread.
    std::size_t waiting() const;

private:
    // A job is run, or only answered.
    enum class fate { run, refused };
    using job = std::function<void(fate)>;
    using clock = std::chrono::steady_clock;

    verdict check_now(const std::string& password, const std::string& hash) const;
    void offer(const password_turn& turn, job work);
    void run();
    job next_job();

    const hash_cost cost_;
    const std::string dummy_hash_;

    mutable base::mutex mutex_;
    base::condition job_came_;
    fair_queue<job> waiting_ GUARDED_BY(mutex_){waiting_passwords_max};
    std::multimap<clock::time_point, job> delayed_ GUARDED_BY(mutex_);
    bool delayed_goes_first_ GUARDED_BY(mutex_) = false;  // delayed and waiting jobs take turns
    bool ending_ GUARDED_BY(mutex_) = false;

    std::vector<std::thread> threads_;  // last: they use all of the above
};

}  // namespace parley::auth
