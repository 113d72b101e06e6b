// The backup becomes a finished file beside the old one; what was there is moved aside as one file;
// then one rename.
#include "server/storage/restore.hpp"

#include "server/storage/data_directory.hpp"
#include "server/storage/invariants.hpp"
#include "server/storage/migrations.hpp"
#include "server/storage/schema.hpp"
#include "server/storage/staged_file.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace parley::storage {
namespace {

namespace fs = std::filesystem;

std::uintmax_t bytes_in(const fs::path& file) {
    std::error_code missing;
    const std::uintmax_t bytes = fs::file_size(file, missing);
    return missing ? 0 : bytes;
}

fs::path log_of(const fs::path& file) { return file.string() + "-wal"; }
fs::path journal_of(const fs::path& file) { return file.string() + "-journal"; }
fs::path index_of(const fs::path& file) { return file.string() + "-shm"; }

bool holds_data(const fs::path& file) { return bytes_in(file) > 0 || bytes_in(log_of(file)) > 0; }

std::runtime_error in_use(const fs::path& file) {
    return std::runtime_error(file.string() +
                              ": another program has it open: end that, and restore again");
}

std::uint64_t newest_epoch(database& db) {
    statement row = db.query("SELECT max(epoch) FROM rooms");
    return row.next() ? row.integer(0) : 0;
}

database open_backup(const fs::path& file) {
    if (!fs::is_regular_file(file))
        throw std::runtime_error(file.string() + ": there is no such file");
    if (bytes_in(file) == 0)
        throw std::runtime_error(file.string() + ": is empty: choose another backup");
    try {
        database db(fs::canonical(file), database::access::read_only);
        check_schema(db, inspection::every_page);
        return db;
    } catch (const unusable_file& fault) {
        throw std::runtime_error(file.string() + ": " + fault.what() + ": choose another backup");
    } catch (const sqlite_error& error) {
        throw std::runtime_error(file.string() + ": cannot be read (" + error.what() + ")");
    }
}

void merge_log(database& db, const fs::path& file) {
    statement mode = db.query("PRAGMA journal_mode = DELETE");
    if (!mode.next() || mode.text(0) != "delete") throw in_use(file);
}

// Makes one file of the old data and its write-ahead log, and tells its newest epoch. None: it
// cannot be read.
std::optional<std::uint64_t> settle(const fs::path& old) try {
    if (bytes_in(old) == 0)
        return std::nullopt;  // SQLite would throw away the log of an empty file
    database db(old, database::access::read_write);
    db.merge_log_at_close(false);  // what cannot be read keeps its log
    check_schema(db, inspection::each_table);
    merge_log(db, old);
    return newest_epoch(db);
} catch (const unusable_file&) {
    return std::nullopt;
} catch (const sqlite_error& error) {
    if (error.code() == SQLITE_BUSY) throw in_use(old);
    return std::nullopt;
}

// An epoch that no client has seen, of any room. One more than the newest is not enough: the data
// that followed the backup may be lost, and a backup may be restored twice. The clock has not been
// there yet; should it go wrong, what is known still counts. Rooms that are opened later take the
// lobby's epoch, so a name that was used after the backup does not come back with an epoch that it
// had.
std::uint64_t unseen_epoch(std::uint64_t of_backup, std::optional<std::uint64_t> of_old,
                           base::time_ms now) {
    return std::max({of_backup + 1, of_old.value_or(0) + 1, now});
}

// More than anybody's log has grown since the backup, so that no device holds what is counted next.
constexpr std::uint64_t log_changes_lost_max = std::uint64_t{1} << 32;

// Sessions end: one that was revoked after the backup would come to life again, and its token may
// be in wrong hands. Nonces stay: what is resent and is in the log gets its first answer.
void begin_epoch(const fs::path& file, std::uint64_t epoch) {
    database db(file, database::access::read_write);
    migrate(db);  // of an older server
    db.run("BEGIN IMMEDIATE");
    db.run("UPDATE rooms SET epoch = ?", epoch);
    db.run("DELETE FROM sessions");
    // What devices hold of people's logs is from a time that did not happen: all are sent anew.
    db.run("UPDATE logs SET seq = max(seq, ?) + ?", epoch, log_changes_lost_max);
    db.run("COMMIT");
}

void check_whole(const fs::path& staged, const fs::path& file) {
    database db(staged, database::access::read_write);
    if (const std::string wrong = first_violation(db); !wrong.empty())
        throw std::runtime_error(file.string() + ": damaged (" + wrong +
                                 "): choose another backup");
}

fs::path free_name_beside(const fs::path& file, std::uint64_t epoch) {
    fs::path name = file.string() + ".before-" + std::to_string(epoch);
    while (fs::exists(name)) name += "+";
    return name;
}

// What was settled stays under its name too until the rename: a crash leaves it in place. What
// could not be read cannot be left without its log: the file goes first, and a server that finds
// none beside a log, or beside a restore that did not end, does not begin anew.
void keep(const fs::path& old, const fs::path& kept, bool settled) {
    if (settled) {
        fs::create_hard_link(old, kept);
    } else {
        if (bytes_in(old) > 0) fs::rename(old, kept);
        if (fs::exists(log_of(old))) fs::rename(log_of(old), log_of(kept));
        if (fs::exists(journal_of(old))) fs::rename(journal_of(old), journal_of(kept));
    }
    fs::remove(index_of(old));  // made anew by whoever opens the data
    sync_directory(old.parent_path());
}

// One that a first start left when it was killed: whoever opens the new data would play it into
// them, and empty them.
void remove_journal(const fs::path& old) {
    if (fs::remove(journal_of(old))) sync_directory(old.parent_path());
}

}  // namespace

restored restore(const fs::path& file, const fs::path& data, bool replace, base::time_ms now,
                 const database::copy_progress& told) try {
    if (!file.filename().string().starts_with("parley.db.before-")) refuse_own_file(file, data);
    database backup = open_backup(file);
    const data_directory directory(data, custody::own_or_as_root);
    const fs::path old = directory.database_file();
    const bool replaces = holds_data(old);
    if (replaces && !replace)
        throw std::runtime_error(
            data.string() +
            ": holds data already: choose another directory, or replace it with --replace");
    staged_file staged(old);
    copy_alone(backup, staged.partial(), told);
    check_whole(staged.partial(), file);
    const auto epoch_of_old = replaces ? settle(old) : std::nullopt;
    restored out{{}, unseen_epoch(newest_epoch(backup), epoch_of_old, now), {}};
    if (out.epoch > protocol::limits::integer_max - log_changes_lost_max)
        throw std::runtime_error(
            file.string() +
            ": no epoch is left after those of it and of the data: choose another backup");
    begin_epoch(staged.partial(), out.epoch);
    {
        database whole(staged.partial(), database::access::read_only);
        out.found = contents_of(whole, staged.partial());
    }
    directory.give_to_owner(staged.descriptor());
    if (replaces)
        keep(old, out.kept.emplace(free_name_beside(old, out.epoch)), epoch_of_old.has_value());
    remove_journal(old);
    staged.replace();
    return out;
} catch (const source_error& error) {
    throw std::runtime_error(file.string() + ": cannot be read (" + error.what() +
                             "): nothing was restored");
} catch (const sqlite_error& error) {
    throw std::runtime_error(data.string() + ": cannot be written (" + error.what() +
                             "): nothing was restored");
} catch (const fs::filesystem_error& error) {
    throw std::runtime_error(data.string() + ": cannot be written (" + error.code().message() +
                             "): nothing was restored");
}

}  // namespace parley::storage
