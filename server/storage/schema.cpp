// The tables of schema_version; migrations.cpp brings older files to it.
#include "server/storage/schema.hpp"

#include "shared/protocol/codec.hpp"
#include "shared/protocol/text.hpp"
#include "shared/protocol/vocabulary.hpp"

#include <stdexcept>
#include <string>

namespace parley::storage {
namespace {

constexpr const char* tables = R"sql(
-- People. Accounts have a password; a guest's name begins with ~ and is free again when no
-- session holds it; nobody takes a reserved one.
CREATE TABLE users (
    name TEXT PRIMARY KEY NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('account', 'guest', 'reserved')),
    display_name TEXT NOT NULL,
    password_hash TEXT CHECK ((kind = 'account') = (password_hash IS NOT NULL)),
    owner INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,  -- what others may know of it
    user TEXT NOT NULL REFERENCES users (name),
    client TEXT NOT NULL,
    since INTEGER NOT NULL,
    seen INTEGER NOT NULL,      -- to the hour
    expires INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_user ON sessions (user, seen);

CREATE TABLE rooms (
    id INTEGER PRIMARY KEY,     -- rooms are never removed: the largest id counts them
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('public', 'direct')),
    people TEXT,                -- of a direct room: their names, sorted, as JSON
    epoch INTEGER NOT NULL DEFAULT 1,
    top INTEGER NOT NULL DEFAULT 0,         -- seq of the newest event
    top_at INTEGER NOT NULL DEFAULT 0,      -- when that was
    said INTEGER NOT NULL DEFAULT 0,        -- messages so far
    entry INTEGER NOT NULL DEFAULT 0,       -- seq of the newest entry
    shrunk INTEGER NOT NULL DEFAULT 0,      -- seq of the newest deletion; 0: none
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,      -- messages that are pinned now
    CHECK ((kind = 'direct') = (people IS NOT NULL))
) STRICT;
CREATE INDEX public_rooms ON rooms (name) WHERE kind = 'public';
CREATE UNIQUE INDEX rooms_of_people ON rooms (people) WHERE people IS NOT NULL;

-- The log. `author` may be a guest of one connection, who is not in users. `body` is the event's
-- struct as the codec writes it: what a kind holds is no concern of these tables.
CREATE TABLE events (
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    kind TEXT NOT NULL,
    nonce TEXT,
    said INTEGER NOT NULL,      -- messages in the room by then, it included
    entry INTEGER NOT NULL,     -- seq of the newest entry by then: its own, unless it is a change
    body TEXT NOT NULL,
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX events_by_nonce ON events (author, nonce) WHERE nonce IS NOT NULL;

-- Messages that were changed, with all of their changes.
CREATE TABLE folds (
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE members (
    user TEXT NOT NULL REFERENCES users (name),
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    read_seq INTEGER NOT NULL,
    read_said INTEGER NOT NULL, -- messages in the room by then
    PRIMARY KEY (user, room_id)
) STRICT, WITHOUT ROWID;

-- The log of each person: its newest seq, and what their records weigh. Apart from users, whose rows
-- are wide: every message of somebody advances their log.
CREATE TABLE logs (
    user TEXT PRIMARY KEY NOT NULL REFERENCES users (name),
    seq INTEGER NOT NULL,
    bytes INTEGER NOT NULL      -- of the records that are not gone
) STRICT, WITHOUT ROWID;

-- What people keep, but for membership and marks: those are in members. `body` is the record's
-- struct as the codec writes it.
CREATE TABLE records (
    user TEXT NOT NULL REFERENCES users (name),
    kind TEXT NOT NULL,
    key TEXT NOT NULL,          -- among the person's records of the kind
    seq INTEGER NOT NULL,       -- of its last change, in the person's log
    gone INTEGER NOT NULL,      -- what is gone stays while a device may not know it
    body TEXT NOT NULL,
    PRIMARY KEY (user, kind, key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX records_by_seq ON records (user, seq);
CREATE INDEX records_gone ON records (user, seq) WHERE gone = 1;
)sql";

std::uint64_t number(database& db, std::string_view pragma) {
    statement row = db.query(pragma);
    return row.next() ? row.integer(0) : 0;
}

// One transaction, and in SQLite's first journal mode: after a crash the file is empty, or has all
// of this.
void create(database& db, base::time_ms now) {
    db.execute("BEGIN IMMEDIATE");
    db.execute(tables);
    for (const std::string_view name : {server_name, std::string_view(chat::unnamed_guest)})
        db.run(
            "INSERT INTO users (name, kind, display_name, created_at) VALUES (?1, 'reserved', ?1, "
            "?2)",
            name, now);
    db.run(
        "INSERT INTO rooms (id, name, title, kind, top, top_at, entry, created_at, created_by) "
        "VALUES (1, ?1, 'Lobby', 'public', 1, ?2, 1, ?2, ?3)",
        protocol::lobby, now, server_name);
    db.run(
        "INSERT INTO events (room_id, seq, at, author, kind, said, entry, body) "
        "VALUES (1, 1, ?, ?, ?, 0, 1, ?)",
        now, server_name, protocol::created::type,
        protocol::encode_body(protocol::created{.title = "Lobby"}));
    db.execute("PRAGMA application_id = " + std::to_string(application_id));
    db.execute("PRAGMA user_version = " + std::to_string(schema_version));
    db.execute("COMMIT");
}

unusable_file damaged(const std::string& how) {
    return {"damaged (" + protocol::to_single_line(how) + ")",
            "restore a backup (see parley restore --help), or see sqlite.org/recovery.html"};
}

// A way from the root to a leaf, at both ends: damaged pages and a cut end there are SQLite's to
// notice.
constexpr const char* both_ends = R"sql(
SELECT * FROM users ORDER BY rowid LIMIT 1;
SELECT * FROM users ORDER BY rowid DESC LIMIT 1;
SELECT name FROM users ORDER BY name LIMIT 1;
SELECT name FROM users ORDER BY name DESC LIMIT 1;
SELECT * FROM sessions ORDER BY rowid LIMIT 1;
SELECT * FROM sessions ORDER BY rowid DESC LIMIT 1;
SELECT token_hash FROM sessions ORDER BY token_hash LIMIT 1;
SELECT token_hash FROM sessions ORDER BY token_hash DESC LIMIT 1;
SELECT name FROM sessions ORDER BY name LIMIT 1;
SELECT name FROM sessions ORDER BY name DESC LIMIT 1;
SELECT user, seen FROM sessions ORDER BY user, seen LIMIT 1;
SELECT user, seen FROM sessions ORDER BY user DESC, seen DESC LIMIT 1;
SELECT * FROM rooms ORDER BY id LIMIT 1;
SELECT * FROM rooms ORDER BY id DESC LIMIT 1;
SELECT name FROM rooms ORDER BY name LIMIT 1;
SELECT name FROM rooms ORDER BY name DESC LIMIT 1;
SELECT name FROM rooms WHERE kind = 'public' ORDER BY name LIMIT 1;
SELECT name FROM rooms WHERE kind = 'public' ORDER BY name DESC LIMIT 1;
SELECT * FROM events ORDER BY room_id, seq LIMIT 1;
SELECT * FROM events ORDER BY room_id DESC, seq DESC LIMIT 1;
SELECT * FROM events WHERE room_id = 1 ORDER BY seq DESC LIMIT 1;
SELECT author, nonce FROM events WHERE nonce IS NOT NULL ORDER BY author, nonce LIMIT 1;
SELECT author, nonce FROM events WHERE nonce IS NOT NULL ORDER BY author DESC, nonce DESC LIMIT 1;
SELECT * FROM members ORDER BY user, room_id LIMIT 1;
SELECT * FROM members ORDER BY user DESC, room_id DESC LIMIT 1;
)sql";

constexpr const char* both_ends_since_3 = R"sql(
SELECT * FROM folds ORDER BY room_id, seq LIMIT 1;
SELECT * FROM folds ORDER BY room_id DESC, seq DESC LIMIT 1;
SELECT people FROM rooms WHERE people IS NOT NULL ORDER BY people LIMIT 1;
SELECT people FROM rooms WHERE people IS NOT NULL ORDER BY people DESC LIMIT 1;
)sql";

constexpr const char* both_ends_since_4 = R"sql(
SELECT * FROM logs ORDER BY user LIMIT 1;
SELECT * FROM logs ORDER BY user DESC LIMIT 1;
SELECT * FROM records ORDER BY user, kind, key LIMIT 1;
SELECT * FROM records ORDER BY user DESC, kind DESC, key DESC LIMIT 1;
SELECT user, seq FROM records ORDER BY user, seq LIMIT 1;
SELECT user, seq FROM records ORDER BY user DESC, seq DESC LIMIT 1;
SELECT user, seq FROM records WHERE gone = 1 ORDER BY user, seq LIMIT 1;
SELECT user, seq FROM records WHERE gone = 1 ORDER BY user DESC, seq DESC LIMIT 1;
)sql";

void check_whole(database& db) {
    statement row = db.query("PRAGMA quick_check(1)");
    if (!row.next() || row.text(0) != "ok") throw damaged(row.text(0));
}

void check_ours(database& db, inspection how) {
    if (number(db, "PRAGMA application_id") != application_id)
        throw unusable_file("belongs to another program", "choose another data directory");
    const std::uint64_t version = number(db, "PRAGMA user_version");
    if (version > schema_version)
        throw unusable_file("written by a newer Parley (schema " + std::to_string(version) +
                                ", this one knows " + std::to_string(schema_version) + ")",
                            "start that one");
    if (how == inspection::every_page) return check_whole(db);
    db.execute(both_ends);
    if (version >= 3) db.execute(both_ends_since_3);
    if (version >= 4) db.execute(both_ends_since_4);
}

[[noreturn]] void explain(const sqlite_error& error) {
    if (error.code() == SQLITE_CORRUPT) throw damaged(error.what());
    if (error.code() == SQLITE_NOTADB)
        throw unusable_file("not a database", "move it away, or choose another data directory");
    throw error;
}

bool is_empty(database& db) try {
    return number(db, "PRAGMA schema_version") == 0 && number(db, "PRAGMA application_id") == 0;
} catch (const sqlite_error& error) {
    explain(error);
}

}  // namespace

void check_schema(database& db, inspection how) try {
    check_ours(db, how);
} catch (const sqlite_error& error) {
    explain(error);
}

void prepare_schema(database& db, base::time_ms now, inspection how) try {
    is_empty(db) ? create(db, now) : check_schema(db, how);
} catch (const unusable_file& fault) {
    throw std::runtime_error(std::string(fault.what()) + ": " + fault.advice);
}

}  // namespace parley::storage
