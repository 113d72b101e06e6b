// Commands go to the writer, queries to the readers.
#include "server/storage/sqlite_ledger.hpp"

#include "server/log/log.hpp"
#include "server/storage/backup.hpp"
#include "server/storage/log_space.hpp"
#include "server/storage/migrations.hpp"
#include "server/storage/rows.hpp"
#include "server/storage/schema.hpp"
#include "server/storage/staged_file.hpp"

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

namespace parley::storage {
namespace {

// What a command weighs beside its text: names, nonce, the task itself.
constexpr std::size_t command_bytes = 512;

std::size_t bytes_of(const chat::command& what) {
    return std::visit(
        [](const auto& command) {
            if constexpr (requires { command.text.size(); })
                return command_bytes + command.text.size();
            else if constexpr (requires { command.text->size(); })
                return command_bytes + (command.text ? command.text->size() : 0);
            else
                return command_bytes;
        },
        what);
}

// Marks are many, and nobody waits for them.
task task_of(chat::submission&& submitted, std::chrono::milliseconds mark_patience) {
    const std::size_t bytes = bytes_of(submitted.what);
    const bool is_mark = std::holds_alternative<chat::authored<protocol::mark>>(submitted.what);
    return {.command = std::move(submitted.what),
            .done = std::move(submitted.done),
            .bytes = bytes,
            .patience = is_mark ? mark_patience : std::chrono::milliseconds(0)};
}

std::uintmax_t bytes_in(const std::filesystem::path& file) {
    std::error_code missing;
    const std::uintmax_t bytes = std::filesystem::file_size(file, missing);
    return missing ? 0 : bytes;
}

std::filesystem::path log_of(const std::filesystem::path& database) {
    return database.string() + "-wal";
}

// SQLite removes the write-ahead log when the last connection closes: one that is still there was
// left by a server that was killed, or by a power cut.
bool was_left_open(const std::filesystem::path& file) { return bytes_in(log_of(file)) > 0; }

bool is_inspected_whole(const std::filesystem::path& file, const ledger_settings& settings) {
    return bytes_in(file) + bytes_in(log_of(file)) <= settings.inspected_whole_bytes_max;
}

// Whoever goes back to the older version finds its data there.
void keep_copy_before_migration(database& db, const std::filesystem::path& file) {
    const std::filesystem::path kept =
        file.string() + ".before-schema-" + std::to_string(schema_version);
    std::error_code missing;
    if (std::filesystem::exists(kept, missing)) return;  // of a start that did not get further
    staged_file copy(kept);
    copy_alone(db, copy.partial(), {});
    copy.publish();
    log::info("storage: the data of the older version is kept", {{"file", kept.string()}});
}

// The log of a server that was killed stays as it is until the file has passed: a refused start
// changes nothing. SQLite plays it into what is read; how large the file is makes no difference.
void inspect(database& db, const std::filesystem::path& file, const ledger_settings& settings,
             bool left_open) {
    const inspection depth =
        is_inspected_whole(file, settings) ? inspection::every_page : inspection::each_table;
    if (left_open)
        log::warn("storage: the last server was not closed; what it has written is taken over",
                  {{"file", file.string()}, {"log_kib", bytes_in(log_of(file)) >> 10}});
    db.merge_log_at_close(!left_open);
    prepare_schema(db, settings.now(), depth);
    db.merge_log_at_close(true);
    if (schema_version_of(db) == schema_version) return;
    keep_copy_before_migration(db, file);
    migrate(db);
}

// SQLite throws away the log of an empty file, and what it held.
void refuse_remains(const std::filesystem::path& file) {
    if (bytes_in(file) > 0) return;
    if (was_left_open(file))
        throw std::runtime_error(
            "is empty, but its write-ahead log is not: put the file back, or restore a backup");
    if (std::filesystem::exists(file.string() + ".partial"))
        throw std::runtime_error("a restore was interrupted: run it again, or remove " +
                                 file.string() + ".partial");
}

database open_writer(const std::filesystem::path& file, const ledger_settings& settings) try {
    refuse_remains(file);
    const bool left_open = was_left_open(file);  // connecting makes a log
    database db(file, database::access::read_write);
    inspect(db, file, settings, left_open);
    db.execute("PRAGMA journal_mode = WAL");
    db.execute(settings.sync == durability::full ? "PRAGMA synchronous = FULL"
                                                 : "PRAGMA synchronous = NORMAL");
    db.execute("PRAGMA foreign_keys = ON");
    db.execute("PRAGMA secure_delete = ON");   // what was deleted is not in free pages either
    db.execute("PRAGMA cache_size = -32768");  // KiB: nonces are random, and so are the pages of
                                               // their index
    db.execute("PRAGMA wal_autocheckpoint = " +
               std::to_string(log_pages));  // few, large copies back into the file
    purge_expired_sessions(db, settings.now());
    if (settings.sync != durability::full) return db;
    db.run("BEGIN IMMEDIATE");  // nobody else writes to the log now
    claim_log_space(log_of(file));
    db.run("ROLLBACK");
    return db;
} catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
}

open_files files_of(const data_directory& where) {
    return open_files({where.database_file(), log_of(where.database_file())});
}

std::vector<database> open_readers(const std::filesystem::path& file, std::size_t count) {
    std::vector<database> readers;
    for (std::size_t i = 0; i < count; ++i) readers.emplace_back(file, database::access::read_only);
    return readers;
}

}  // namespace

sqlite_ledger::sqlite_ledger(const std::filesystem::path& directory,
                             chat::commit_listener& listener, const ledger_settings& settings)
    : now_(settings.now),
      directory_(directory),
      // In this order: connecting makes the files that are then watched.
      mark_patience_(settings.mark_patience),
      writer_{open_writer(directory_.database_file(), settings), listener, settings.now,
              files_of(directory_)},
      readers_(open_readers(directory_.database_file(), settings.readers)),
      check_(database(directory_.database_file(), database::access::read_only), settings.check) {}

// Both end before either is gone: readers note the use of sessions, and whoever hears of a commit
// may want to read.
sqlite_ledger::~sqlite_ledger() {
    readers_.end();
    writer_.end();
}

background_check::report sqlite_ledger::data_check() const { return check_.now(); }

void sqlite_ledger::submit(chat::command what, std::function<void(chat::outcome)> done) {
    std::vector<task> work;
    work.push_back(task_of({std::move(what), std::move(done)}, mark_patience_));
    writer_.submit(std::move(work));
}

void sqlite_ledger::submit_all(std::vector<chat::submission> several) {
    std::vector<task> work;
    work.reserve(several.size());
    for (chat::submission& one : several) work.push_back(task_of(std::move(one), mark_patience_));
    writer_.submit(std::move(work));
}

void sqlite_ledger::look_up(chat::query wanted, std::function<void(chat::any_answer)> done) {
    auto look = [this, wanted = std::move(wanted)](database& db) {
        return std::visit(
            [&]<class Query>(const Query& each) { return chat::widen<Query>(answer(db, each)); },
            wanted);
    };
    readers_.ask({std::move(look), std::move(done)});
}

chat::answer_to<chat::find_person> sqlite_ledger::answer(database& db,
                                                         const chat::find_person& wanted) {
    return storage::look_up(db, wanted, now_());
}

chat::answer_to<chat::read_sessions> sqlite_ledger::answer(database& db,
                                                           const chat::read_sessions& wanted) {
    return storage::look_up(db, wanted, now_());
}

chat::answer_to<chat::find_session> sqlite_ledger::answer(database& db,
                                                          const chat::find_session& wanted) {
    auto found = find_live_session(db, wanted.token_hash, now_());
    if (!found) return chat::found_session{};
    if (found->seen + session_noted_every_ms <= now_()) note_later({found->who.session});
    return chat::found_session{std::move(found->who)};
}

chat::answer_to<chat::check_sessions> sqlite_ledger::answer(database& db,
                                                            const chat::check_sessions& wanted) {
    const base::time_ms now = now_();
    checked_sessions found = storage::check(db, wanted, now, now - open_session_noted_every_ms);
    if (!found.stale.empty()) note_later(std::move(found.stale));
    return chat::ended_sessions{std::move(found.ended)};
}

void sqlite_ledger::note_later(std::vector<std::string> used_sessions) {
    const auto lost_when_busy = [](const chat::outcome&) {};  // next time, then
    submit(chat::use_sessions{std::move(used_sessions)}, lost_when_busy);
}

}  // namespace parley::storage
