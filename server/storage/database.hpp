// SQLite's C interface as two small owners: a connection and one run of a statement. A connection
// belongs to one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace parley::storage {

// Thrown inside this layer only; the ledger turns it into a refusal before anyone else sees it.
class sqlite_error : public std::runtime_error {
public:
    sqlite_error(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
    int code() const { return code_; }  // primary result code: sqlite.org/rescode.html

private:
    int code_;
};

// Of a copy, when it is what is copied that cannot be read.
struct source_error : sqlite_error {
    using sqlite_error::sqlite_error;
};

// One run of a prepared statement, over the rows that it yields.
class statement {
public:
    explicit statement(sqlite3_stmt* prepared) : prepared_(prepared) {}
    ~statement();
    statement(statement&& other) noexcept : prepared_(std::exchange(other.prepared_, nullptr)) {}
    statement& operator=(statement&&) = delete;

    void bind(int place, std::string_view value);
    void bind(int place, std::uint64_t value);
    template <class Value>
    void bind(int place, const std::optional<Value>& value) {
        if (value) bind(place, *value);  // left unbound it is NULL
    }

    // Moves to the next row; false: there is none.
    bool next();

    // Columns of the current row, from 0.
    std::uint64_t integer(int column) const;
    std::string text(int column) const;        // UTF-8, whatever the file holds
    std::string_view bytes(int column) const;  // as they are, until the next row
    int columns() const;
    bool is_null(int column) const;
    std::optional<std::uint64_t> integer_if_any(int column) const;
    std::optional<std::string> text_if_any(int column) const;

private:
    sqlite3_stmt* prepared_;
};

class database {
public:
    enum class access { read_only, read_write };

    // Waits at most this long for a lock that another program holds on the file.
    static constexpr int lock_wait_ms = 500;

    // The file itself is no link. REQUIRES: it exists.
    database(const std::filesystem::path& file, access how);

    // REQUIRES: `sql` is a literal: it names the statement in the cache. No two runs of one
    // statement overlap.
    template <class... Values>
    statement query(std::string_view sql, const Values&... values) {
        statement run(prepare(sql));
        int place = 0;
        (run.bind(++place, values), ...);
        return run;
    }
    template <class... Values>
    void run(std::string_view sql, const Values&... values) {
        query(sql, values...).next();
    }

    // Any number of statements, prepared for this once.
    void execute(const std::string& sql);

    // Whether the last connection to close copies the write-ahead log into the file and removes it.
    // At first: yes.
    void merge_log_at_close(bool wanted);

    // Copies all that is here as of one moment, a few pages at a time; `told` hears how many are
    // copied, of how many. Neither writers nor readers wait for it. REQUIRES: the other is empty,
    // and neither is in a transaction.
    using copy_progress = std::function<void(std::uint64_t done, std::uint64_t pages)>;
    void copy_into(database& other, const copy_progress& told = {});

    // Writes a page without changing it: in a transaction, to find out whether the disk takes it.
    void rewrite_header();

    bool in_transaction() const { return sqlite3_get_autocommit(connection_.get()) == 0; }
    std::uint64_t changes_in_all() const {
        return static_cast<std::uint64_t>(sqlite3_total_changes64(connection_.get()));
    }
    std::uint64_t last_row() const {  // of the last insert into a table with row numbers
        return static_cast<std::uint64_t>(sqlite3_last_insert_rowid(connection_.get()));
    }
    std::uint64_t rows_changed() const {
        return static_cast<std::uint64_t>(sqlite3_changes64(connection_.get()));
    }

private:
    struct closer {
        void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
        void operator()(sqlite3_stmt* prepared) const { sqlite3_finalize(prepared); }
    };
    sqlite3_stmt* prepare(std::string_view sql);

    std::unique_ptr<sqlite3, closer> connection_;
    std::unordered_map<std::string_view, std::unique_ptr<sqlite3_stmt, closer>> prepared_;
};

}  // namespace parley::storage
