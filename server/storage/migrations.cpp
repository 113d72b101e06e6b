// A step is never changed once it is released: files of every version are out there.
#include "server/storage/migrations.hpp"

#include "server/log/log.hpp"
#include "server/storage/schema.hpp"
#include "shared/ensure.hpp"

#include <iterator>
#include <string>
#include <string_view>

namespace parley::storage {
namespace {

struct step {
    std::uint64_t to;
    std::string_view says;
    const char* sql;
};

constexpr step steps[] = {
    {2, "guests' names begin with ~",
     R"sql(
UPDATE members SET user = '~' || user WHERE user IN (SELECT name FROM users WHERE kind = 'guest');
UPDATE sessions SET user = '~' || user WHERE user IN (SELECT name FROM users WHERE kind = 'guest');
UPDATE rooms SET created_by = '~' || created_by
    WHERE created_by NOT IN (SELECT name FROM users WHERE kind = 'account' OR name = 'parley');
UPDATE events SET author = '~' || author
    WHERE author NOT IN (SELECT name FROM users WHERE kind = 'account' OR name = 'parley');
UPDATE users SET name = '~' || name WHERE kind = 'guest' OR name = 'guest';
)sql"},
    {3, "events have bodies, messages are counted, and direct rooms name their people",
     R"sql(
CREATE TABLE new_events (
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    author TEXT NOT NULL,
    kind TEXT NOT NULL,
    nonce TEXT,
    said INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO new_events SELECT room_id, seq, at, author, kind, nonce,
    sum(kind = 'message') OVER (PARTITION BY room_id ORDER BY seq), seq,
    CASE kind
        WHEN 'created' THEN '{"title":' || json_quote(text) || '}'
        WHEN 'message' THEN '{"text":' || json_quote(text) ||
            CASE WHEN reply_to IS NULL THEN '' ELSE ',"reply_to":' || reply_to END || '}'
        ELSE '{}' END
    FROM events ORDER BY room_id, seq;
DROP TABLE events;
ALTER TABLE new_events RENAME TO events;
CREATE UNIQUE INDEX events_by_nonce ON events (author, nonce) WHERE nonce IS NOT NULL;
CREATE TABLE folds (
    room_id INTEGER NOT NULL REFERENCES rooms (id),
    seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (room_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE new_rooms (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('public', 'direct')),
    people TEXT,
    epoch INTEGER NOT NULL DEFAULT 1,
    top INTEGER NOT NULL DEFAULT 0,
    top_at INTEGER NOT NULL DEFAULT 0,
    said INTEGER NOT NULL DEFAULT 0,
    entry INTEGER NOT NULL DEFAULT 0,
    shrunk INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    CHECK ((kind = 'direct') = (people IS NOT NULL))
) STRICT;
INSERT INTO new_rooms SELECT id, name, title, kind,
    CASE kind WHEN 'direct' THEN json_array(member_a, member_b) END, epoch, top, top_at,
    coalesce((SELECT said FROM events WHERE room_id = id AND seq = top), 0), top, 0, created_at,
    created_by
    FROM rooms ORDER BY id;
DROP TABLE rooms;
ALTER TABLE new_rooms RENAME TO rooms;
ALTER TABLE rooms ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX public_rooms ON rooms (name) WHERE kind = 'public';
CREATE UNIQUE INDEX rooms_of_people ON rooms (people) WHERE people IS NOT NULL;
ALTER TABLE members ADD COLUMN read_said INTEGER NOT NULL DEFAULT 0;
UPDATE members SET read_said =
    coalesce((SELECT said FROM events e WHERE e.room_id = members.room_id AND seq = read_seq), 0);
)sql"},
    {4, "people have logs and keep records",
     R"sql(
CREATE TABLE logs (
    user TEXT PRIMARY KEY NOT NULL REFERENCES users (name),
    seq INTEGER NOT NULL,
    bytes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO logs SELECT name, (SELECT epoch FROM rooms WHERE id = 1), 0 FROM users
    WHERE kind <> 'reserved';
CREATE TABLE records (
    user TEXT NOT NULL REFERENCES users (name),
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    seq INTEGER NOT NULL,
    gone INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (user, kind, key)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX records_by_seq ON records (user, seq);
CREATE INDEX records_gone ON records (user, seq) WHERE gone = 1;
)sql"},
};
static_assert(std::size(steps) == schema_version - 1 &&
              steps[schema_version - 2].to == schema_version);

}  // namespace

std::uint64_t schema_version_of(database& db) {
    statement row = db.query("PRAGMA user_version");
    return row.next() ? row.integer(0) : 0;
}

void migrate_in_transaction(database& db) {
    ensure(db.in_transaction());
    for (const step& each : steps)
        if (schema_version_of(db) < each.to) {
            db.execute(each.sql);
            db.execute("PRAGMA user_version = " + std::to_string(each.to));
        }
}

void migrate(database& db) {
    for (const step& each : steps) {
        if (schema_version_of(db) >= each.to) continue;
        log::info("storage: the tables are brought to a new version",
                  {{"version", each.to}, {"change", each.says}});
        try {
            db.execute("BEGIN IMMEDIATE");
            db.execute(each.sql);
            db.execute("PRAGMA user_version = " + std::to_string(each.to));
            db.execute("COMMIT");
        } catch (const sqlite_error&) {
            if (db.in_transaction()) db.execute("ROLLBACK");
            throw;
        }
    }
}

}  // namespace parley::storage
