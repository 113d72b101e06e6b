// The copy of a password that is hashed here is wiped afterwards. Other copies are not: the bytes
// of the request, the decoded request, what a short string leaves behind when it is moved.
#include "server/auth/passwords.hpp"

#include "server/auth/sodium.hpp"

#include <memory>
#include <utility>

namespace parley::auth {
namespace {

void wipe(std::string& secret) { sodium_memzero(secret.data(), secret.size()); }

std::optional<std::string> hash_now(const std::string& password, hash_cost cost) {
    char out[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str(out, password.data(), password.size(), cost.passes, cost.memory_bytes) !=
        0)
        return std::nullopt;  // out of memory
    return std::string(out);
}

}  // namespace

std::string dummy_hash(hash_cost cost) {
    const std::string salt(22, 'A'), result(43, 'A');
    return "$argon2id$v=19$m=" + std::to_string(cost.memory_bytes / 1024) +
           ",t=" + std::to_string(cost.passes) + ",p=1$" + salt + "$" + result;
}

hash_cost hash_cost::interactive() {
    return {crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE};
}

passwords::passwords(hash_cost cost, std::size_t threads)
    : cost_(cost), dummy_hash_(dummy_hash(cost)) {
    start_sodium();
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

void passwords::end() {
    std::vector<job> refused;
    {
        const base::mutex_lock lock(mutex_);
        ending_ = true;
        while (!waiting_.empty()) refused.push_back(waiting_.take());
        for (auto& [due, work] : delayed_) refused.push_back(std::move(work));
        delayed_.clear();
    }
    job_came_.notify_all();
    for (const job& work : refused) work(fate::refused);
    for (std::thread& thread : threads_)
        if (thread.joinable()) thread.join();
}

void passwords::hash(std::string password, const password_turn& turn,
                     std::function<void(std::optional<std::string>)> done) {
    offer(turn, [this, password = std::move(password), done = std::move(done)](fate given) mutable {
        auto hash = given == fate::refused ? std::nullopt : hash_now(password, cost_);
        wipe(password);
        done(std::move(hash));
    });
}

void passwords::check(std::string password, std::string hash, const password_turn& turn,
                      std::function<void(verdict)> done) {
    offer(turn, [this, password = std::move(password), hash = std::move(hash),
                 done = std::move(done)](fate given) mutable {
        const verdict result = given == fate::refused ? verdict::busy : check_now(password, hash);
        wipe(password);
        done(result);
    });
}

verdict passwords::check_now(const std::string& password, const std::string& hash) const {
    const std::string& against = hash.empty() ? dummy_hash_ : hash;
    const bool same =
        crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
    return same && !hash.empty() ? verdict::right : verdict::wrong;
}

void passwords::offer(const password_turn& turn, job work) {
    std::optional<job> refused;
    {
        const base::mutex_lock lock(mutex_);
        if (!ending_ && turn.delay_ms == 0)
            refused = waiting_.add(turn.lane, std::move(work), turn.known);
        else if (!ending_ && delayed_.size() < delayed_passwords_max)
            delayed_.emplace(clock::now() + std::chrono::milliseconds(turn.delay_ms),
                             std::move(work));
        else
            refused = std::move(work);
    }
    job_came_.notify_one();
    if (refused) (*refused)(fate::refused);
}

std::size_t passwords::waiting() const {
    const base::mutex_lock lock(mutex_);
    return waiting_.size() + delayed_.size();
}

void passwords::run() {
    while (const job next = next_job()) next(fate::run);
}

// Waits for a job; none when the pool ends.
passwords::job passwords::next_job() {
    const base::mutex_lock lock(mutex_);
    while (!ending_) {
        const bool due = !delayed_.empty() && delayed_.begin()->first <= clock::now();
        if (due && (waiting_.empty() || std::exchange(delayed_goes_first_, false)))
            return std::move(delayed_.extract(delayed_.begin()).mapped());
        if (!waiting_.empty()) {
            delayed_goes_first_ = true;
            return waiting_.take();
        }
        if (delayed_.empty()) {
            job_came_.wait(mutex_);
        } else {
            // A copy: wait_until looks at it once more when it has the lock again, and by then the
            // entry may be gone.
            const clock::time_point due_at = delayed_.begin()->first;
            job_came_.wait_until(mutex_, due_at);
        }
    }
    return nullptr;
}

}  // namespace parley::auth
