// Every result code of SQLite is looked at here, and nowhere else.
#include "server/storage/database.hpp"

#include "shared/protocol/text.hpp"

#include <system_error>

namespace parley::storage {
namespace {

constexpr int primary_code_mask = 0xff;
constexpr int pages_copied_at_once =
    256;  // a MiB: what the copy holds in memory, and how often it tells

// Of an I/O error SQLite itself says no more than that it was one.
[[noreturn]] void fail(sqlite3* connection) {
    const int code = sqlite3_errcode(connection) & primary_code_mask;
    std::string why = sqlite3_errmsg(connection);
    if (const int cause = sqlite3_system_errno(connection); code == SQLITE_IOERR && cause != 0)
        why += ": " + std::generic_category().message(cause);
    throw sqlite_error(code, why);
}

void check(int result, sqlite3_stmt* prepared) {
    if (result != SQLITE_OK) fail(sqlite3_db_handle(prepared));
}

// A copy goes to an empty file: what is damaged is what it is made of.
bool is_of_source(int result) {
    const int code = result & primary_code_mask;
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || result == SQLITE_IOERR_READ;
}

}  // namespace

statement::~statement() {
    if (!prepared_) return;
    sqlite3_reset(prepared_);  // repeats the error that `next` has thrown
    sqlite3_clear_bindings(prepared_);
}

void statement::bind(int place, std::string_view value) {
    check(sqlite3_bind_text64(prepared_, place, value.data(), value.size(), SQLITE_TRANSIENT,
                              SQLITE_UTF8),
          prepared_);
}

void statement::bind(int place, std::uint64_t value) {
    check(sqlite3_bind_int64(prepared_, place, static_cast<sqlite3_int64>(value)), prepared_);
}

bool statement::next() {
    const int result = sqlite3_step(prepared_);
    if (result != SQLITE_ROW && result != SQLITE_DONE) fail(sqlite3_db_handle(prepared_));
    return result == SQLITE_ROW;
}

std::uint64_t statement::integer(int column) const {
    return static_cast<std::uint64_t>(sqlite3_column_int64(prepared_, column));
}

// A damaged byte must not end the connections of those who read it: a frame that is not UTF-8 does
// (RFC 6455, section 8.1).
std::string statement::text(int column) const {
    return protocol::repaired_utf8(std::string(bytes(column)));
}

std::string_view statement::bytes(int column) const {
    const auto* const first = reinterpret_cast<const char*>(sqlite3_column_text(prepared_, column));
    if (!first) return {};
    return {first, static_cast<std::size_t>(sqlite3_column_bytes(prepared_, column))};
}

int statement::columns() const { return sqlite3_data_count(prepared_); }

bool statement::is_null(int column) const {
    return sqlite3_column_type(prepared_, column) == SQLITE_NULL;
}

std::optional<std::uint64_t> statement::integer_if_any(int column) const {
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

std::optional<std::string> statement::text_if_any(int column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

// SQLite refuses links anywhere in the path: those that lead to the directory are of its owner.
database::database(const std::filesystem::path& file, access how) {
    std::error_code missing;
    const auto directory = std::filesystem::canonical(file.parent_path(), missing);
    const auto path = missing ? file : directory / file.filename();
    sqlite3* opened = nullptr;
    const int flags = (how == access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                      SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
    const int result = sqlite3_open_v2(path.c_str(), &opened, flags, nullptr);
    connection_.reset(opened);
    if (!opened) throw std::bad_alloc();
    if (result != SQLITE_OK) fail(opened);
    sqlite3_busy_timeout(opened, lock_wait_ms);
}

void database::execute(const std::string& sql) {
    if (sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        fail(connection_.get());
}

void database::rewrite_header() {
    const auto version = [this] {
        statement row = query("PRAGMA user_version");
        return row.next() ? row.integer(0) : 0;
    };
    execute("PRAGMA user_version = " + std::to_string(version()));
}

void database::merge_log_at_close(bool wanted) {
    sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, wanted ? 0 : 1, nullptr);
}

// A read transaction holds the moment: without it every commit of the server would start the copy
// again (sqlite.org/c3ref/backup_finish.html). In write-ahead mode it holds nobody up.
void database::copy_into(database& other, const copy_progress& told) {
    try {
        execute("BEGIN; SELECT count(*) FROM sqlite_schema");
    } catch (const sqlite_error& error) {
        throw source_error(error.code(), error.what());
    }
    sqlite3_backup* const copy =
        sqlite3_backup_init(other.connection_.get(), "main", connection_.get(), "main");
    int result = copy ? SQLITE_OK : SQLITE_ERROR;
    while (result == SQLITE_OK) {
        result = sqlite3_backup_step(copy, pages_copied_at_once);
        const int pages = sqlite3_backup_pagecount(copy);
        if (told)
            told(static_cast<std::uint64_t>(pages - sqlite3_backup_remaining(copy)),
                 static_cast<std::uint64_t>(pages));
    }
    sqlite3_backup_finish(copy);  // leaves what went wrong with the connection that is written
    execute("ROLLBACK");          // of a transaction that only read
    if (is_of_source(result))
        throw source_error(result & primary_code_mask, sqlite3_errstr(result));
    if (result != SQLITE_DONE)
        throw sqlite_error(result & primary_code_mask, sqlite3_errstr(result));
}

sqlite3_stmt* database::prepare(std::string_view sql) {
    const auto known = prepared_.find(sql);
    if (known != prepared_.end()) return known->second.get();
    sqlite3_stmt* fresh = nullptr;
    const int size = static_cast<int>(sql.size());
    if (sqlite3_prepare_v3(connection_.get(), sql.data(), size, SQLITE_PREPARE_PERSISTENT, &fresh,
                           nullptr) != SQLITE_OK)
        fail(connection_.get());
    prepared_.emplace(sql, fresh);
    return fresh;
}

}  // namespace parley::storage
