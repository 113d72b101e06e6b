// By rows rather than by PRAGMA quick_check: that is one statement, which reads as fast as it can
// and holds up the write-ahead log for as long as it takes. It finds less: not what is wrong among
// unused pages, or between a table and its index. `parley check` looks at those.
#include "server/storage/background_check.hpp"

#include "server/log/log.hpp"

#include <pthread.h>
#include <sys/resource.h>

#include <new>
#include <stdexcept>
#include <utility>

namespace parley::storage {
namespace {

using clock = std::chrono::steady_clock;

constexpr int niceness = 10;
constexpr auto said_from = std::chrono::seconds(1);  // a check that takes less goes without saying
// What a disk or a file is to blame for; everything else passes.
bool is_damage(int code) {
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_IOERR;
}

std::string unfinished(const std::string& why) {
    return "the check of all data could not go on (" + why + "): run parley check";
}

std::chrono::microseconds since(clock::time_point from) {
    return std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - from);
}

}  // namespace

background_check::background_check(database connection, check_pace pace)
    : db_(std::move(connection)), pace_(pace), thread_([this] { run(); }) {
    pthread_setname_np(thread_.native_handle(), "data check");
}

background_check::~background_check() {
    {
        const base::mutex_lock lock(mutex_);
        ending_ = true;
    }
    ends_.notify_one();
    thread_.join();
}

background_check::report background_check::now() const {
    const base::mutex_lock lock(mutex_);
    return report_;
}

void background_check::run() try {
    const auto began = clock::now();
    log::debug("storage: all data is being checked beside");
    ::setpriority(PRIO_PROCESS, 0, niceness);    // of this thread alone: setpriority(2), "BUGS"
    db_.execute("PRAGMA cell_size_check = ON");  // looks closer at each page that is read
    for (const walk& each : all_walks())
        if (!read(each)) return;
    const auto took = std::chrono::duration_cast<std::chrono::seconds>(clock::now() - began);
    if (took >= said_from) log::info("storage: all data was read", {{"seconds", took.count()}});
    finish({stage::passed, {}});
} catch (const sqlite_error& error) {
    const std::string why = error.what();
    finish({stage::failed, is_damage(error.code()) ? "the data is damaged (" + why +
                                                         "): run parley check, and restore a backup"
                                                   : unfinished(why)});
} catch (const std::exception& error) {
    finish({stage::failed, unfinished(error.what())});
}

// False: the server ends.
bool background_check::read(const walk& each) {
    tree_key last = first_key(each);
    for (bool more = true; more;) {
        const auto from = clock::now();
        std::chrono::microseconds pause = pace_.retried_after;
        try {
            more = read_slice(each, last);
            pause = since(from) * pace_.rests;
            failures_ = 0;
        } catch (const sqlite_error& error) {
            if (is_damage(error.code()))
                throw sqlite_error(error.code(), std::string(each.tree) + ": " + error.what());
            note_failure(each, error.what());
        } catch (const std::bad_alloc&) {
            note_failure(each, "out of memory");
        }
        if (!rest(pause)) return false;
    }
    return true;
}

// Throws after the last try.
void background_check::note_failure(const walk& each, const std::string& why) {
    const std::string tree(each.tree);
    if (++failures_ >= pace_.failures_max) throw std::runtime_error(tree + ": " + why);
    if (std::exchange(failure_logged_, true)) return;
    log::warn("storage: the check of all data tries again", {{"tree", tree}, {"why", why}});
}

// False: it has reached the end.
bool background_check::read_slice(const walk& each, tree_key& last) {
    const auto from = clock::now();
    statement row = rows_after(db_, each, last);
    while (row.next()) {
        tree_key next = key_of(row, each);
        if (next <= last) throw sqlite_error(SQLITE_CORRUPT, "rows are out of order");
        if (!has_sound_texts(row))
            throw sqlite_error(SQLITE_CORRUPT, "row " + in_words(next) + " is not UTF-8");
        last = std::move(next);
        if (since(from) >= pace_.slice) return true;
    }
    return false;
}

// False: the server ends.
bool background_check::rest(std::chrono::microseconds time) {
    const auto end = clock::now() + time;
    const base::mutex_lock lock(mutex_);
    while (!ending_ && ends_.wait_until(mutex_, end)) continue;
    return !ending_;
}

void background_check::finish(report found) {
    if (!found.damage.empty()) log::error("storage: " + found.damage);
    const base::mutex_lock lock(mutex_);
    report_ = std::move(found);
}

}  // namespace parley::storage
