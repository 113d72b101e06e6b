// Reads all of the data once, beside a server that is at work already: whether a page is damaged
// that nobody has looked at for long. What WAL recovery needs, a start does before.
#pragma once

#include "server/base/mutex.hpp"
#include "server/storage/database.hpp"
#include "server/storage/walk.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace parley::storage {

// Reads for `slice`, then waits `rests` times as long as that took: a fifth of what a core or the
// disk can do, on a slow disk too. Between slices no transaction is open, so that the write-ahead
// log is copied back and begins anew as ever.
struct check_pace {
    std::chrono::microseconds slice{5'000};
    int rests = 4;
    // After an error that is no damage. SQLite rereads a page that was being written, and asks
    // again when the log begins anew.
    std::chrono::microseconds retried_after{500'000};
    int failures_max = 60;  // one after another; then the check ends
};

class background_check {
public:
    enum class stage : std::uint8_t { running, passed, failed };
    struct report {
        stage now = stage::running;
        std::string damage;  // or why the check could not go on; in one line, when it failed
    };

    // `connection`: of its own, read-only.
    explicit background_check(database connection, check_pace pace = {});
    ~background_check();
    background_check(const background_check&) = delete;
    background_check& operator=(const background_check&) = delete;

    // Any thread. The first damage ends the check.
    report now() const;

private:
    void run();
    bool read(const walk& each);
    bool read_slice(const walk& each, tree_key& last);
    bool rest(std::chrono::microseconds time);
    void note_failure(const walk& each, const std::string& why);
    void finish(report found);

    database db_;
    const check_pace pace_;
    int failures_ = 0;  // since a slice was read
    bool failure_logged_ = false;

    mutable base::mutex mutex_;
    base::condition ends_;
    bool ending_ GUARDED_BY(mutex_) = false;
    report report_ GUARDED_BY(mutex_);

    std::thread thread_;  // last: it uses all of the above
};

}  // namespace parley::storage
