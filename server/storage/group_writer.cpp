// Group commit: answer after the transaction is on disk, then tell; or refuse the whole group, and
// go on.
#include "server/storage/group_writer.hpp"

#include "server/chat/keys.hpp"
#include "server/chat/rules.hpp"
#include "server/log/log.hpp"
#include "server/storage/rows.hpp"

#include <pthread.h>

#include <chrono>
#include <iterator>
#include <utility>

namespace parley::storage {
namespace {

using protocol::error_code;

chat::refusal busy(const std::string& why) { return {error_code::busy, why, "", busy_retry_ms}; }

// A full disk or a lock goes away; what else SQLite reports may not.
chat::refusal refusal_for(int code) {
    if (code == SQLITE_FULL) return busy("the disk is full; nothing was changed");
    if (code == SQLITE_BUSY)
        return busy("the data is locked by another program; nothing was changed");
    return {error_code::internal, "the server could not write; whether it is stored is not known",
            "", busy_retry_ms};
}

// These end a transaction whatever its commands are, so it makes no sense to try them one by one.
bool is_of_disk(int code) {
    switch (code) {
        case SQLITE_FULL:
        case SQLITE_IOERR:
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_PROTOCOL:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_NOMEM: return true;
        default: return false;
    }
}

std::string new_session_name(database& db) {
    statement row = db.query("SELECT lower(hex(randomblob(12)))");
    row.next();
    return row.text(0);
}

template <class Value>
void append(std::vector<Value>& list, std::vector<Value> more) {
    std::move(more.begin(), more.end(), std::back_inserter(list));
}

}  // namespace

std::optional<carried_out> carry_out(database& db, std::span<const chat::command* const> commands,
                                     base::time_ms now, bool with_nonces) {
    chat::row_keys keys;
    std::vector<std::size_t> nonces_until;  // the commands' nonces end there
    for (const chat::command* const each : commands) {
        chat::add_keys(keys, *each);
        nonces_until.push_back(keys.nonces.size());
    }
    chat::working_set set(now, [&db] { return new_session_name(db); });
    load(db, keys, with_nonces, set);
    carried_out out;
    out.outcomes.reserve(commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i) {
        const std::size_t events_before = set.news().events.size();
        out.outcomes.push_back(judge(set, *commands[i]));
        if (with_nonces || set.news().events.size() > events_before) continue;  // `save` finds out
        // A resend gets its first answer, even if it would be refused or change nothing today.
        for (std::size_t nonce = i > 0 ? nonces_until[i - 1] : 0; nonce < nonces_until[i]; ++nonce)
            if (is_used(db, keys.nonces[nonce])) return std::nullopt;
    }
    if (!save(db, set)) return std::nullopt;
    out.news = set.take_news();
    return out;
}

group_writer::group_writer(database db, chat::commit_listener& listener, wall_clock now,
                           open_files files, carrier carry_out)
    : db_(std::move(db)),
      listener_(listener),
      now_(std::move(now)),
      files_(std::move(files)),
      carry_out_(std::move(carry_out)),
      thread_([this] { run(); }) {
    pthread_setname_np(thread_.native_handle(), "ledger writer");
}

void group_writer::end() {
    {
        const base::mutex_lock lock(mutex_);
        ending_ = true;
    }
    work_came_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void group_writer::submit(std::vector<task> work) {
    std::size_t taken = 0;
    {
        const base::mutex_lock lock(mutex_);
        while (taken < work.size() && take(work[taken])) ++taken;
    }
    if (taken > 0) work_came_.notify_one();
    for (; taken < work.size(); ++taken) work[taken].done(busy("too much waits to be written"));
}

bool group_writer::take(task& work) {
    const bool fits =
        waiting_.size() < waiting_commands_max && waiting_bytes_ + work.bytes <= waiting_bytes_max;
    if (!fits || ending_) return false;
    using std::chrono::steady_clock;
    const auto due = work.patience.count() > 0 ? steady_clock::now() + work.patience
                                               : steady_clock::time_point::min();
    due_ = std::min(due, due_.value_or(due));
    waiting_bytes_ += work.bytes;
    waiting_.push_back(std::move(work));
    return true;
}

std::string group_writer::health() const {
    if (std::string missing = files_.find_missing(); !missing.empty()) return missing;
    const base::mutex_lock lock(mutex_);
    return health_;
}

bool group_writer::is_healthy() const {
    const base::mutex_lock lock(mutex_);
    return health_.empty();
}

std::size_t group_writer::waiting() const {
    const base::mutex_lock lock(mutex_);
    return waiting_.size();
}

void group_writer::run() {
    for (group tasks = next_group(); !tasks.empty(); tasks = next_group()) write(std::move(tasks));
}

// Empty: the writer ends.
group_writer::group group_writer::next_group() {
    const base::mutex_lock lock(mutex_);
    await_work();
    group tasks;
    std::size_t bytes = 0;
    while (!waiting_.empty() && tasks.size() < group_commands_max) {
        bytes += waiting_.front().bytes;
        if (!tasks.empty() && bytes > group_bytes_max) break;
        waiting_bytes_ -= waiting_.front().bytes;
        tasks.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    due_.reset();
    if (!waiting_.empty()) due_ = std::chrono::steady_clock::time_point::min();
    return tasks;
}

// While the disk fails nothing waits for company.
bool group_writer::is_due() const {
    return due_ && (!health_.empty() || *due_ <= std::chrono::steady_clock::now());
}

void group_writer::await_work() {
    auto next_probe = std::chrono::steady_clock::now() + probed_every;
    while (!ending_ && !is_due()) {
        if (health_.empty() && due_) {
            work_came_.wait_until(mutex_, *due_);
        } else if (health_.empty()) {
            work_came_.wait(mutex_);
        } else if (!work_came_.wait_until(mutex_, next_probe)) {
            mutex_.unlock();
            probe();
            mutex_.lock();
            next_probe = std::chrono::steady_clock::now() + probed_every;
        }
    }
}

// Writes what stands there already.
void group_writer::probe() try {
    db_.run("BEGIN IMMEDIATE");
    db_.rewrite_header();
    refuse_missing_files();
    db_.run("COMMIT");
    set_health("");
} catch (const sqlite_error& error) {
    roll_back();
    set_health(error.what());
}

void group_writer::refuse_missing_files() const {
    if (const std::string missing = files_.find_missing(); !missing.empty())
        throw sqlite_error(SQLITE_IOERR, missing);
}

void group_writer::write(group tasks) {
    using std::chrono::steady_clock;
    const auto began = steady_clock::now();
    const std::uint64_t changes_before = db_.changes_in_all();
    result became = commit(tasks);
    if (const auto* const failed = std::get_if<failure>(&became)) return fail(tasks, *failed);
    carried_out& out = std::get<carried_out>(became);
    const auto elapsed =
        std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - began);
    count(tasks, static_cast<std::uint64_t>(elapsed.count()));
    if (db_.changes_in_all() != changes_before)
        set_health("");
    else if (!is_healthy())
        probe();  // a group that wrote nothing proves nothing
    counted_.events.add(out.news.events.size());
    listener_.committed(std::move(out.news), [&tasks, &answers = out.outcomes] {
        for (std::size_t i = 0; i < tasks.size(); ++i) tasks[i].done(std::move(answers[i]));
    });
}

// A command that throws takes the group's transaction with it. The group is then carried out a
// second time, and only that command is refused. The disk's failures are not tried again.
group_writer::result group_writer::commit(const group& tasks) {
    result became = commit(tasks, &group_writer::carry_out_together);
    const auto* const failed = std::get_if<failure>(&became);
    if (!failed || is_of_disk(failed->code)) return became;
    counted_.groups_failed.add();
    return commit(tasks, &group_writer::carry_out_one_by_one);
}

group_writer::result group_writer::commit(const group& tasks, group_carrier carry_out) try {
    db_.run("BEGIN IMMEDIATE");
    carried_out out = (this->*carry_out)(tasks);
    refuse_missing_files();  // last: from here to the commit nobody has time to remove one
    db_.run("COMMIT");
    return out;
} catch (const sqlite_error& error) {
    roll_back();
    return failure{error.code(), error.what()};
} catch (const std::exception& error) {
    roll_back();
    return failure{SQLITE_ERROR, error.what()};
}

carried_out group_writer::carry_out_together(const group& tasks) {
    std::vector<const chat::command*> commands;
    commands.reserve(tasks.size());
    for (const task& work : tasks) commands.push_back(&work.command);
    const base::time_ms now = now_();
    if (auto out = carry_out_(db_, commands, now, false)) return std::move(*out);
    db_.run("ROLLBACK");  // a resend is among them
    db_.run("BEGIN IMMEDIATE");
    return carry_out_(db_, commands, now, true).value();
}

carried_out group_writer::carry_out_one_by_one(const group& tasks) {
    carried_out out;
    for (const task& work : tasks) carry_out_alone(work.command, out);
    return out;
}

// The command has a savepoint of its own: what it did before it threw is undone. SQLite may have
// rolled back everything; then the group has failed.
void group_writer::carry_out_alone(const chat::command& command, carried_out& into) try {
    db_.run("SAVEPOINT command");
    const chat::command* const alone[] = {&command};
    carried_out out = carry_out_(db_, alone, now_(), true).value();
    db_.run("RELEASE command");
    append(into.outcomes, std::move(out.outcomes));
    append(into.news.events, std::move(out.news.events));
    append(into.news.personal, std::move(out.news.personal));
    append(into.news.ended_sessions, std::move(out.news.ended_sessions));
    append(into.news.taken_names, std::move(out.news.taken_names));
} catch (const sqlite_error& error) {
    if (is_of_disk(error.code()) || !db_.in_transaction()) throw;
    into.outcomes.push_back(refuse_command(error.what()));
} catch (const std::exception& error) {
    into.outcomes.push_back(refuse_command(error.what()));
}

chat::outcome group_writer::refuse_command(const char* why) {
    db_.run("ROLLBACK TO command");
    db_.run("RELEASE command");
    counted_.commands_failed.add();
    log_failed_command(why);
    return chat::refusal{error_code::internal, "the server failed; nothing was changed", "",
                         failed_retry_ms};
}

// Whoever finds a command that fails could repeat it and fill the log.
void group_writer::log_failed_command(const char* why) {
    const auto now = std::chrono::steady_clock::now();
    if (failure_logged_ && now - *failure_logged_ < failures_logged_every) return;
    failure_logged_ = now;
    log::error("storage: a command failed",
               {{"why", why}, {"failed_so_far", counted_.commands_failed.value()}});
}

void group_writer::count(const group& tasks, std::uint64_t elapsed_us) {
    counted_.groups.add();
    counted_.commands.add(tasks.size());
    counted_.group_size.add(tasks.size());
    counted_.commit_us.add(elapsed_us);
}

// Some errors have rolled back already; and a ROLLBACK that fails leaves nothing that could be
// committed later.
void group_writer::roll_back() try {
    if (db_.in_transaction()) db_.run("ROLLBACK");
} catch (const sqlite_error& error) {
    log::error("storage: the roll-back failed", {{"why", error.what()}});
}

void group_writer::fail(const group& tasks, const failure& cause) {
    counted_.groups_failed.add();
    set_health(cause.why);
    const chat::refusal refused = refusal_for(cause.code);
    listener_.committed({}, [&] {
        for (const task& work : tasks) work.done(refused);
    });
}

// Logged when it changes: a full disk would fill the log too.
void group_writer::set_health(std::string what) {
    const base::mutex_lock lock(mutex_);
    if (what == health_) return;
    if (what.empty())
        log::info("storage: writes again");
    else
        log::error("storage: cannot write", {{"why", what}});
    health_ = std::move(what);
}

}  // namespace parley::storage
