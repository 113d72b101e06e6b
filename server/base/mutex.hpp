// Mutexes whose use is checked at compile time: what a mutex guards says so, and clang refuses code
// that touches it without the lock (clang.llvm.org/docs/ThreadSafetyAnalysis.html). Other compilers
// skip the annotations.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#ifdef __clang__
#define PARLEY_THREAD_ANNOTATION(what) __attribute__((what))
#else
#define PARLEY_THREAD_ANNOTATION(what)
#endif

#define GUARDED_BY(mutex) PARLEY_THREAD_ANNOTATION(guarded_by(mutex))
// Of a function: its caller holds the mutex.
#define REQUIRES_LOCK(mutex) PARLEY_THREAD_ANNOTATION(requires_capability(mutex))
#define PARLEY_ACQUIRES(...) PARLEY_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define PARLEY_RELEASES(...) PARLEY_THREAD_ANNOTATION(release_capability(__VA_ARGS__))

namespace parley::base {

class PARLEY_THREAD_ANNOTATION(capability("mutex")) mutex {
public:
    void lock() PARLEY_ACQUIRES() { native_.lock(); }
    void unlock() PARLEY_RELEASES() { native_.unlock(); }

private:
    friend class condition;
    std::mutex native_;
};

// Holds a mutex as long as it exists.
class PARLEY_THREAD_ANNOTATION(scoped_lockable) mutex_lock {
public:
    explicit mutex_lock(mutex& held) PARLEY_ACQUIRES(held) : held_(held) { held_.lock(); }
    ~mutex_lock() PARLEY_RELEASES() { held_.unlock(); }
    mutex_lock(const mutex_lock&) = delete;
    mutex_lock& operator=(const mutex_lock&) = delete;

private:
    mutex& held_;
};

// What a thread waits for, without the mutex meanwhile. A wait may end early: ask again.
class condition {
public:
    void notify_one() { native_.notify_one(); }
    void notify_all() { native_.notify_all(); }

    void wait(mutex& held) REQUIRES_LOCK(held) {
        std::unique_lock lock(held.native_, std::adopt_lock);
        native_.wait(lock);
        lock.release();
    }

    // False: it is that time.
    bool wait_until(mutex& held, std::chrono::steady_clock::time_point end) REQUIRES_LOCK(held) {
        std::unique_lock lock(held.native_, std::adopt_lock);
        const bool early = native_.wait_until(lock, end) == std::cv_status::no_timeout;
        lock.release();
        return early;
    }

private:
    std::condition_variable native_;
};

}  // namespace parley::base
