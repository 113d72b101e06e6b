// The copy of a password that is hashed here is wiped afterwards. Others are not: the request's
// bytes, what the decoder made of them, what a short string leaves behind when it moves.
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

std::string hash_nobody_has(hash_cost cost) {
    const std::string salt(22, 'A'), result(43, 'A');
    return "$argon2id$v=19$m=" + std::to_string(cost.memory_bytes / 1024) +
           ",t=" + std::to_string(cost.passes) + ",p=1$" + salt + "$" + result;
}

hash_cost hash_cost::interactive() {
    return {crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE};
}

passwords::passwords(hash_cost cost, std::size_t threads)
    : cost_(cost), nobodys_hash_(hash_nobody_has(cost)) {
    start_sodium();
    for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

void passwords::end() {
    std::deque<job> unheard;
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        unheard.swap(waiting_);
    }
    job_came_.notify_all();
    for (const job& each : unheard) each(chance::missed);
    for (std::thread& thread : threads_)
        if (thread.joinable()) thread.join();
}

void passwords::hash(std::string password, std::function<void(std::optional<std::string>)> done) {
    offer([this, password = std::move(password), done = std::move(done)](chance given) mutable {
        auto hash = given == chance::missed ? std::nullopt : hash_now(password, cost_);
        wipe(password);
        done(std::move(hash));
    });
}

void passwords::check(std::string password, std::string hash, std::function<void(verdict)> done) {
    offer([this, password = std::move(password), hash = std::move(hash),
           done = std::move(done)](chance given) mutable {
        const verdict found = given == chance::missed ? verdict::busy : check_now(password, hash);
        wipe(password);
        done(found);
    });
}

verdict passwords::check_now(const std::string& password, const std::string& hash) const {
    const std::string& against = hash.empty() ? nobodys_hash_ : hash;
    const bool same =
        crypto_pwhash_str_verify(against.c_str(), password.data(), password.size()) == 0;
    return same && !hash.empty() ? verdict::right : verdict::wrong;
}

void passwords::offer(job work) {
    {
        const std::lock_guard lock(mutex_);
        if (!ending_ && waiting_.size() < waiting_passwords_max) {
            waiting_.push_back(std::move(work));
            job_came_.notify_one();
            return;
        }
    }
    work(chance::missed);
}

std::size_t passwords::waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
}

void passwords::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        job_came_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        job next = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        next(chance::given);
        next = nullptr;
        lock.lock();
    }
}

}  // namespace parley::auth
