// The only writer of the database: one thread that takes all the work that waits (bounded) into one
// transaction. There is no timer: while a group is written to disk, the next one gathers.
#pragma once

#include "server/base/counter.hpp"
#include "server/base/mutex.hpp"
#include "server/chat/commit.hpp"
#include "server/chat/ledger.hpp"
#include "server/storage/database.hpp"
#include "server/storage/open_files.hpp"

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <variant>

namespace parley::storage {

using wall_clock = std::function<base::time_ms()>;

// Work that waits, and work that shares a transaction.
inline constexpr std::size_t waiting_commands_max = 16'384;
inline constexpr std::size_t waiting_bytes_max = 32 * 1024 * 1024;
inline constexpr std::size_t group_commands_max = 512;
inline constexpr std::size_t group_bytes_max = 1024 * 1024;
inline constexpr std::uint64_t busy_retry_ms = 1'000;
inline constexpr std::uint64_t failed_retry_ms = 10'000;  // it will hardly go better the next time

// After a failure, whether the disk writes again is tried this often, so that it shows without a
// command.
inline constexpr std::chrono::milliseconds probed_every{1'000};

// At most so often a command that failed has a line in the log.
inline constexpr std::chrono::seconds failures_logged_every{60};

struct task {
    chat::command command;
    std::function<void(chat::outcome)> done;
    std::size_t bytes = 0;                 // of text, for the limits
    std::chrono::milliseconds patience{};  // so long it may wait for others to share a transaction
};

// What became of commands that share a transaction: an outcome for each, in order.
struct carried_out {
    std::vector<chat::outcome> outcomes;
    chat::commit news;
};

// Carries out commands inside a transaction. Nothing: it went on the assumption that every nonce is
// new, and one was not; it is called again, after a roll-back, with `with_nonces`. What it throws
// because of the disk fails the group; for anything else each command is tried alone.
using carrier = std::function<std::optional<carried_out>(
    database& db, std::span<const chat::command* const> commands, base::time_ms now,
    bool with_nonces)>;

// The carrier of a ledger: loads what the commands name, lets the rules judge, saves.
std::optional<carried_out> carry_out(database& db, std::span<const chat::command* const> commands,
                                     base::time_ms now, bool with_nonces);

// Written by the writer's thread, read by any.
struct writer_counters {
    base::counter groups;           // transactions on disk
    base::counter commands;         // in them, the refused ones included
    base::counter groups_failed;    // rolled back
    base::counter commands_failed;  // refused because they threw
    base::counter events;
    base::histogram<9> group_size{
        {1, 2, 5, 10, 20, 50, 100, 200, 512}};  // commands in a transaction
    // From the first statement until it was on disk.
    base::histogram<10> commit_us{
        {1'000, 2'000, 5'000, 10'000, 20'000, 50'000, 100'000, 200'000, 500'000, 1'000'000}};

    static constexpr auto shown() {
        using row = base::shown_counter<writer_counters>;
        using own = writer_counters;
        return std::array{
            row{&own::groups, "parley_commits_total", "Transactions on disk"},
            row{&own::commands, "parley_commands_total",
                "Commands in them, those refused by a check included"},
            row{&own::groups_failed, "parley_failed_commits_total",
                "Transactions that were rolled back"},
            row{&own::commands_failed, "parley_failed_commands_total",
                "Commands that were refused because of a fault of the server"},
            row{&own::events, "parley_events_total", "Events added to the logs of rooms"},
        };
    }
};

class group_writer {
public:
    // `listener` hears of every transaction. `files`: those of the database; a group is refused
    // when one of them is no longer there.
    group_writer(database db, chat::commit_listener& listener, wall_clock now,
                 open_files files = open_files(), carrier carry_out = storage::carry_out);

    ~group_writer() { end(); }

    // Carries out what waits, and refuses what still comes.
    void end();

    // Any thread, never waits. Beyond a limit, or while the writer ends, `done` hears `busy` before
    // this returns.
    void submit(std::vector<task> work);

    // What is wrong with the files, or was with the last group; empty: nothing. Any thread.
    std::string health() const;
    std::size_t waiting() const;  // commands
    const writer_counters& counted() const { return counted_; }

private:
    using group = std::vector<task>;

    // What became of a group: it is on disk, or nothing of it is.
    struct failure {
        int code;  // SQLite's
        std::string why;
    };
    using result = std::variant<carried_out, failure>;
    using group_carrier = carried_out (group_writer::*)(const group& tasks);

    bool take(task& work) REQUIRES_LOCK(mutex_);
    void run();
    group next_group();
    void await_work() REQUIRES_LOCK(mutex_);
    bool is_due() const REQUIRES_LOCK(mutex_);
    void probe();
    void write(group tasks);
    result commit(const group& tasks);
    result commit(const group& tasks, group_carrier carry_out);
    carried_out carry_out_together(const group& tasks);
    carried_out carry_out_one_by_one(const group& tasks);
    void carry_out_alone(const chat::command& command, carried_out& into);
    chat::outcome refuse_command(const char* why);
    void log_failed_command(const char* why);
    void count(const group& tasks, std::uint64_t elapsed_us);
    void refuse_missing_files() const;
    void roll_back();
    void fail(const group& tasks, const failure& cause);
    void set_health(std::string what);
    bool is_healthy() const;  // but for the files

    // The writer's thread only.
    database db_;
    chat::commit_listener& listener_;
    const wall_clock now_;
    const open_files files_;  // health() asks them too
    const carrier carry_out_;
    writer_counters counted_;

    mutable base::mutex mutex_;
    base::condition work_came_;
    std::deque<task> waiting_ GUARDED_BY(mutex_);
    std::size_t waiting_bytes_ GUARDED_BY(mutex_) = 0;
    // When what waits is to be written at the latest; nothing: nothing waits.
    std::optional<std::chrono::steady_clock::time_point> due_ GUARDED_BY(mutex_);
    bool ending_ GUARDED_BY(mutex_) = false;
    std::string health_ GUARDED_BY(mutex_);

    std::optional<std::chrono::steady_clock::time_point> failure_logged_;  // the writer's alone

    std::thread thread_;  // last: it uses all of the above
};

}  // namespace parley::storage
