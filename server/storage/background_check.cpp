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
constexpr char integer_type = 'i';

constexpr walk walks[] = {
    {"users", "i",
     "SELECT rowid, name, kind, display_name, password_hash, owner, created_at FROM users "
     "WHERE rowid > ? ORDER BY rowid"},
    {"sqlite_autoindex_users_1", "t", "SELECT name FROM users WHERE name > ? ORDER BY name"},
    {"sessions", "i",
     "SELECT rowid, token_hash, name, user, client, since, seen, expires FROM sessions "
     "WHERE rowid > ? ORDER BY rowid"},
    {"sqlite_autoindex_sessions_1", "t",
     "SELECT token_hash FROM sessions WHERE token_hash > ? ORDER BY token_hash"},
    {"sqlite_autoindex_sessions_2", "t", "SELECT name FROM sessions WHERE name > ? ORDER BY name"},
    {"sessions_of_user", "tii",
     "SELECT user, seen, rowid FROM sessions INDEXED BY sessions_of_user "
     "WHERE (user, seen, rowid) > (?, ?, ?) ORDER BY user, seen, rowid"},
    {"rooms", "i",
     "SELECT id, name, title, kind, member_a, member_b, epoch, top, top_at, created_at, created_by "
     "FROM rooms WHERE id > ? ORDER BY id"},
    {"sqlite_autoindex_rooms_1", "t", "SELECT name FROM rooms WHERE name > ? ORDER BY name"},
    {"public_rooms", "t",
     "SELECT name FROM rooms INDEXED BY public_rooms WHERE kind = 'public' AND name > ? "
     "ORDER BY name"},
    {"events", "ii",
     "SELECT room_id, seq, at, author, kind, text, reply_to, nonce FROM events "
     "WHERE (room_id, seq) > (?, ?) ORDER BY room_id, seq"},
    {"events_by_nonce", "tt",
     "SELECT author, nonce FROM events INDEXED BY events_by_nonce WHERE nonce IS NOT NULL "
     "AND (author, nonce) > (?, ?) ORDER BY author, nonce"},
    {"members", "ti",
     "SELECT user, room_id, read_seq FROM members WHERE (user, room_id) > (?, ?) "
     "ORDER BY user, room_id"},
};

// What a disk or a file is to blame for; everything else passes.
bool is_damage(int code) {
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_IOERR;
}

// Before that of any row.
tree_key first_key(const walk& each) {
    tree_key out;
    for (const char type : each.key) {
        if (type == integer_type)
            out.emplace_back(std::uint64_t{0});
        else
            out.emplace_back(std::string());
    }
    return out;
}

tree_key key_of(const statement& row, const walk& each) {
    tree_key out;
    for (const char type : each.key) {
        const int column = static_cast<int>(out.size());
        if (type == integer_type)
            out.emplace_back(row.integer(column));
        else
            out.emplace_back(row.text(column));
    }
    return out;
}

std::string unfinished(const std::string& why) {
    return "the check of all data could not go on (" + why + "): run parley check";
}

std::chrono::microseconds since(clock::time_point from) {
    return std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - from);
}

}  // namespace

std::span<const walk> all_walks() { return walks; }

background_check::background_check(database connection, check_pace pace)
    : db_(std::move(connection)), pace_(pace), thread_([this] { run(); }) {
    pthread_setname_np(thread_.native_handle(), "data check");
}

background_check::~background_check() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    ends_.notify_one();
    thread_.join();
}

background_check::report background_check::now() const {
    const std::lock_guard lock(mutex_);
    return report_;
}

void background_check::run() try {
    const auto began = clock::now();
    ::setpriority(PRIO_PROCESS, 0, niceness);    // of this thread alone: setpriority(2), "BUGS"
    db_.execute("PRAGMA cell_size_check = ON");  // looks closer at each page that is read
    for (const walk& each : walks)
        if (!read(each)) return;
    log::info("storage: all data was read",
              {{"seconds",
                std::chrono::duration_cast<std::chrono::seconds>(clock::now() - began).count()}});
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
    statement row = db_.query(each.sql);
    for (std::size_t i = 0; i < last.size(); ++i)
        std::visit([&](const auto& value) { row.bind(static_cast<int>(i) + 1, value); }, last[i]);
    while (row.next()) {
        tree_key next = key_of(row, each);
        if (next <= last) throw sqlite_error(SQLITE_CORRUPT, "rows are out of order");
        last = std::move(next);
        if (since(from) >= pace_.slice) return true;
    }
    return false;
}

// False: the server ends.
bool background_check::rest(std::chrono::microseconds time) {
    std::unique_lock lock(mutex_);
    return !ends_.wait_for(lock, time, [this] { return ending_; });
}

void background_check::finish(report found) {
    if (!found.damage.empty()) log::error("storage: " + found.damage);
    const std::lock_guard lock(mutex_);
    report_ = std::move(found);
}

}  // namespace parley::storage
