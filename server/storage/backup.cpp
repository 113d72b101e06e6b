// SQLite's backup interface rather than VACUUM INTO: it copies pages as they are, at the disk's
// pace, in steps that tell how far they are; VACUUM builds every table and index anew, and nothing
// here wants that.
#include "server/storage/backup.hpp"

#include "server/storage/data_directory.hpp"
#include "server/storage/file_owner.hpp"
#include "server/storage/invariants.hpp"
#include "server/storage/schema.hpp"
#include "server/storage/staged_file.hpp"

#include <stdexcept>
#include <string>

namespace parley::storage {
namespace {

std::uint64_t number(database& db, std::string_view sql) {
    statement row = db.query(sql);
    return row.next() ? row.integer(0) : 0;
}

}  // namespace

database open_data(const std::filesystem::path& data) {
    const std::filesystem::path file = data / "parley.db";
    std::error_code missing;
    if (std::filesystem::file_size(file, missing) == 0 || missing)
        throw std::runtime_error(data.string() +
                                 ": holds no data of Parley: name its directory with --data");
    refuse_foreign_files(file);
    try {
        database db(file,
                    database::access::read_write);  // for check_invariants; but nothing is written
        db.execute("PRAGMA query_only = ON");
        db.merge_log_at_close(false);
        check_schema(db, inspection::each_table);
        return db;
    } catch (const unusable_file& fault) {
        throw std::runtime_error(file.string() + ": " + fault.what() + ": " + fault.advice);
    } catch (const sqlite_error& error) {
        throw std::runtime_error(file.string() + ": cannot be read (" + error.what() + ")");
    }
}

void refuse_own_file(const std::filesystem::path& file, const std::filesystem::path& data) {
    std::error_code missing;
    const auto inside = std::filesystem::weakly_canonical(file, missing)
                            .lexically_relative(std::filesystem::weakly_canonical(data, missing));
    if (!inside.empty() && inside.begin()->string().starts_with("parley.db"))
        refuse_path(file, "is a file of the data itself: choose another name");
}

void copy_alone(database& from, const std::filesystem::path& empty,
                const database::copy_progress& told) {
    database copy(empty, database::access::read_write);
    from.copy_into(copy, told);
    copy.execute("PRAGMA journal_mode = DELETE");  // the copy says what the original does:
                                                   // write-ahead, in two files
}

contents contents_of(database& db, const std::filesystem::path& file) {
    return {number(db, "SELECT count(*) FROM rooms"), number(db, "SELECT count(*) FROM events"),
            std::filesystem::file_size(file)};
}

contents back_up(const std::filesystem::path& data, const std::filesystem::path& file,
                 const database::copy_progress& told) {
    refuse_own_file(file, data);
    if (std::filesystem::exists(std::filesystem::symlink_status(file)))
        throw std::runtime_error(file.string() +
                                 ": exists already, and was not touched: choose another name");
    database source = open_data(data);
    staged_file staged(file);
    try {
        copy_alone(source, staged.partial(), told);
        database copy(staged.partial(), database::access::read_write);
        if (const std::string wrong = first_violation(copy); !wrong.empty())
            throw std::runtime_error(
                data.string() + ": the data is damaged (" + wrong +
                ") and was not copied: see parley check, and restore an earlier backup");
        const contents found = contents_of(copy, staged.partial());
        staged.publish();
        return found;
    } catch (const source_error& error) {
        throw std::runtime_error(data.string() + ": cannot be read (" + error.what() + ")");
    } catch (const sqlite_error& error) {
        throw std::runtime_error(file.string() + ": cannot be written (" + error.what() + ")");
    }
}

}  // namespace parley::storage
