// Each invariant is a sentence, what it counts, and a query for the places where it does not hold.
#include "server/storage/invariants.hpp"

#include "server/chat/working_set.hpp"
#include "server/storage/migrations.hpp"
#include "server/storage/schema.hpp"
#include "server/storage/walk.hpp"
#include "shared/protocol/limits.hpp"
#include "shared/protocol/text.hpp"

namespace parley::storage {
namespace {

struct invariant {
    std::string_view says, of, count, violations;
};

constexpr std::string_view events = "SELECT count(*) FROM events",
                           rooms = "SELECT count(*) FROM rooms",
                           members = "SELECT count(*) FROM members",
                           users = "SELECT count(*) FROM users",
                           messages = "SELECT count(*) FROM events WHERE kind = 'message'",
                           direct_rooms = "SELECT count(*) FROM rooms WHERE kind = 'direct'",
                           sessions = "SELECT count(*) FROM sessions",
                           replies =
                               "SELECT count(*) FROM events WHERE kind = 'message' AND "
                               "body ->> '$.reply_to' IS NOT NULL",
                           folds = "SELECT count(*) FROM folds", logs = "SELECT count(*) FROM logs",
                           records = "SELECT count(*) FROM records";

// The one line of an integrity check that found nothing. A statement, not `FROM
// pragma_integrity_check(10)`: SQLite 3.46 takes the argument there for the name of a table.
constexpr std::string_view sound = "ok";

// In the order of trust: what is below relies on what stands above.
constexpr invariant all_invariants[] = {
    {"every page, index and value is sound (SQLite's integrity check)", "pages",
     "PRAGMA page_count", "PRAGMA integrity_check(10)"},
    {"every reference has something to refer to", "tables",
     "SELECT count(*) FROM sqlite_schema WHERE type = 'table'",
     R"sql(SELECT 'a row of ' || "table" || ' refers to none of ' || parent FROM pragma_foreign_key_check)sql"},
    {"the tables and indexes are those of this version", "tables and indexes",
     "SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'",
     "SELECT column1 || ' is missing' FROM (VALUES ('users'), ('sessions'), ('rooms'), ('events'), "
     "('folds'), ('members'), ('logs'), ('records'), ('records_by_seq'), ('records_gone'), "
     "('events_by_nonce'), ('public_rooms'), ('rooms_of_people'), "
     "('sessions_of_user')) WHERE column1 NOT IN (SELECT name FROM sqlite_schema)"},
    {"seq runs from 1 without a gap in every room", "events", events,
     "SELECT 'room ' || name || ': seq ' || seq || ' follows ' || before FROM (SELECT room_id, "
     "seq, lag(seq, 1, 0) "
     "OVER (PARTITION BY room_id ORDER BY seq) AS before FROM events) JOIN rooms ON id = room_id "
     "WHERE seq <> before + 1"},
    {"the top of every room is its newest seq, and its time", "rooms", rooms,
     "SELECT 'room ' || name || ': top is ' || top || ', the newest seq ' || coalesce(newest, "
     "'none') FROM rooms LEFT "
     "JOIN (SELECT room_id, max(seq) AS newest, at FROM events GROUP BY room_id) ON room_id = id "
     "WHERE top IS NOT newest OR top_at IS NOT at"},
    {"time goes back within a room by more than a correction of the clock, or not at all", "events",
     events,
     "SELECT 'room ' || name || ': seq ' || seq || ' is a little older than the one before' FROM "
     "(SELECT "
     "room_id, seq, at, "
     "lag(at, 1, 0) OVER (PARTITION BY room_id ORDER BY seq) AS before FROM events) JOIN rooms ON "
     "id = room_id "
     "WHERE at BETWEEN before - 2000 AND before - 1"},
    {"every room begins with `created`, and only there", "rooms", rooms,
     "SELECT 'room ' || name || ': seq ' || seq || ' is ' || events.kind FROM events JOIN rooms ON "
     "id = room_id "
     "WHERE (seq = 1) <> (events.kind = 'created')"},
    {"every event has a body, every message a nonce", "events", events,
     "SELECT 'room ' || name || ': seq ' || seq || ' has none' FROM events JOIN rooms ON id = "
     "room_id WHERE NOT json_valid(events.body) OR (events.kind = 'message' AND nonce IS NULL)"},
    {"messages are counted", "events", events,
     "SELECT 'room ' || name || ': seq ' || seq || ' counts ' || counted || ', not ' || wanted "
     "FROM (SELECT room_id, seq, said AS counted, sum(kind = 'message') OVER (PARTITION BY "
     "room_id ORDER BY seq) AS wanted FROM events) JOIN rooms ON id = room_id "
     "WHERE counted <> wanted"},
    {"every event names the newest entry, and changes come after their targets", "events", events,
     "SELECT 'room ' || name || ': seq ' || seq || ' names ' || named FROM (SELECT room_id, seq, "
     "entry AS named, body ->> '$.target' AS target, max(CASE WHEN body ->> '$.target' IS "
     "NULL THEN seq END) OVER (PARTITION BY room_id ORDER BY seq) AS wanted FROM events) JOIN "
     "rooms ON id = room_id WHERE named IS NOT wanted OR target >= seq"},
    {"rooms count what their newest event counts", "rooms", rooms,
     "SELECT 'room ' || name || ': ' || rooms.said || ' and ' || rooms.entry || ', not ' || "
     "events.said || ' and ' || events.entry FROM rooms JOIN events ON events.room_id = id AND seq "
     "= top "
     "WHERE rooms.said <> events.said OR rooms.entry <> events.entry"},
    {"rooms know their newest deletion and count their pins", "rooms", rooms,
     "SELECT 'room ' || name || ': ' || shrunk || ' and ' || pinned || ', not ' || deletion || "
     "' and ' || pins FROM (SELECT rooms.*, coalesce(deletion, 0) AS deletion, coalesce(pins, 0) "
     "AS pins FROM rooms LEFT JOIN (SELECT room_id AS of, max(seq) AS deletion FROM events WHERE "
     "kind = 'deleted' GROUP BY room_id) AS deletions ON deletions.of = id LEFT JOIN (SELECT "
     "room_id AS of, count(*) AS pins FROM folds WHERE body ->> '$.pinned' GROUP BY room_id) AS "
     "pinnings ON pinnings.of = id) WHERE shrunk <> deletion OR pinned <> pins"},
    {"what is folded is a message", "folds", folds,
     "SELECT 'room ' || name || ': seq ' || folds.seq || ' is none' FROM folds JOIN rooms ON id = "
     "folds.room_id LEFT JOIN events ON events.room_id = id AND events.seq = folds.seq AND "
     "events.kind = 'message' WHERE events.seq IS NULL OR NOT json_valid(folds.body)"},
    {"no author has used a nonce twice", "messages", messages,
     "SELECT author || ' used ' || nonce || ' ' || count(*) || ' times' FROM events WHERE nonce IS "
     "NOT NULL "
     "GROUP BY author, nonce HAVING count(*) > 1"},
    {"every reply is to an older event of its room", "replies", replies,
     "SELECT 'room ' || name || ': seq ' || seq || ' replies to ' || reply_to FROM (SELECT "
     "room_id, "
     "seq, body ->> '$.reply_to' AS reply_to FROM events WHERE kind = 'message') JOIN rooms ON id "
     "= room_id WHERE reply_to < 1 OR reply_to >= seq"},
    {"no one has read beyond the top of a room, and what was said by then is known", "members",
     members,
     "SELECT 'room ' || name || ': ' || user || ' has read ' || read_seq || ' of ' || top FROM "
     "members JOIN rooms ON id = members.room_id LEFT JOIN events ON events.room_id = id AND seq = "
     "read_seq WHERE read_seq < 0 OR read_seq > top OR read_said <> coalesce(events.said, 0)"},
    {"the members of public rooms are those who joined and did not leave", "members", members,
     "WITH last (room_id, user, kind) AS (SELECT room_id, author, kind FROM (SELECT room_id, "
     "author, kind, max(seq) "
     "FROM events WHERE kind IN ('joined', 'left') GROUP BY room_id, author)), "
     "inside AS (SELECT room_id, user FROM last WHERE kind = 'joined'), listed AS (SELECT room_id, "
     "user FROM members) "
     "SELECT 'room ' || name || ': ' || user || ' ' || wrong FROM (SELECT *, 'joined, but is no "
     "member' AS wrong FROM "
     "(SELECT * FROM inside EXCEPT SELECT * FROM listed) UNION ALL SELECT *, 'is a member, but has "
     "not joined' FROM "
     "(SELECT * FROM listed EXCEPT SELECT * FROM inside)) JOIN rooms ON id = room_id AND kind = "
     "'public'"},
    {"all rooms have one epoch, 1 or more", "rooms", rooms,
     "SELECT 'room ' || name || ': epoch ' || epoch || ', the lobby''s ' || (SELECT epoch FROM "
     "rooms WHERE id = 1) "
     "FROM rooms WHERE epoch < 1 OR epoch > 9007199254740991 OR epoch IS NOT (SELECT epoch FROM "
     "rooms WHERE id = 1)"},
    {"rooms are numbered from 1 without a gap, the lobby first", "rooms", rooms,
     "SELECT 'room ' || name || ' has number ' || id FROM (SELECT id, name, row_number() OVER "
     "(ORDER BY id) AS place "
     "FROM rooms) WHERE id <> place OR (id = 1) <> (name = 'lobby')"},
    {"every direct room is of two to eight accounts, sorted, and only they are its members",
     "direct rooms", direct_rooms,
     "SELECT 'room ' || name || ': it is of ' || coalesce(people, 'nobody') FROM rooms WHERE "
     "(name LIKE 'dm.%' AND kind <> 'direct') OR (kind = 'direct' AND ((name NOT LIKE 'dm.%' AND "
     "name NOT LIKE 'dm-%') OR NOT json_valid(people) OR json_array_length(people) NOT BETWEEN 2 "
     "AND 8 OR people IS NOT (SELECT json_group_array(value) FROM (SELECT DISTINCT value FROM "
     "json_each(people) JOIN users ON users.name = value AND users.kind = 'account' ORDER BY "
     "value)) OR EXISTS (SELECT 1 FROM members WHERE room_id = rooms.id AND user NOT IN (SELECT "
     "value FROM json_each(people)))))"},
    {"accounts have one owner", "people", users,
     "SELECT count(*) FILTER (WHERE owner) || ' owners' FROM users HAVING count(*) FILTER (WHERE "
     "owner) <> "
     "min(1, count(*) FILTER (WHERE kind = 'account')) OR count(*) FILTER (WHERE owner AND kind <> "
     "'account') > 0"},
    {"every account and guest has a log, and nobody else", "logs", logs,
     "SELECT name || ' has none' FROM users WHERE kind <> 'reserved' AND name NOT IN (SELECT user "
     "FROM logs) UNION ALL SELECT user || ' has one' FROM logs WHERE user NOT IN "
     "(SELECT name FROM users WHERE kind <> 'reserved')"},
    {"no record is newer than its log", "records", records,
     "SELECT records.user || ': ' || kind || ' ' || key || ' has seq ' || records.seq FROM records "
     "JOIN logs ON logs.user = records.user WHERE records.seq > logs.seq"},
    {"no log has used up its numbers", "logs", logs,
     "SELECT user || ' has seq ' || seq FROM logs WHERE seq > 9007199254740991"},
    {"records say what they are the records of, and whether they are gone", "records", records,
     "SELECT user || ': ' || kind || ' ' || key FROM records WHERE CASE WHEN json_valid(body) THEN "
     "gone <> NOT (body ->> '$.on') OR key <> CASE kind WHEN 'setting' THEN body ->> '$.name' "
     "WHEN 'saved' THEN (body ->> '$.room') || ' ' || (body ->> '$.target') "
     "ELSE body ->> '$.room' END ELSE 1 END"},
    {"logs weigh what the records do", "logs", logs,
     "SELECT user || ': ' || bytes || ', not ' || wanted FROM (SELECT user, bytes, (SELECT "
     "coalesce(sum(length(CAST(body AS BLOB)) + 64), 0) FROM records WHERE records.user = "
     "logs.user AND gone = 0) AS wanted FROM logs) WHERE bytes <> wanted OR bytes > "
     "229376"},
    {"every session is an account's or a guest's", "sessions", sessions,
     "SELECT 'session ' || sessions.name || ' is of ' || user FROM sessions JOIN users ON "
     "users.name = user "
     "WHERE kind = 'reserved'"},
};

static_assert(protocol::limits::direct_people_max == 8, "as the invariant of direct rooms says");
static_assert(protocol::limits::integer_max == 9'007'199'254'740'991,
              "as the invariants of the epoch and of logs say");
static_assert(protocol::limits::personal_record_bytes == 64 &&
                  protocol::limits::personal_bytes_max == 229'376,
              "as the invariant of what logs weigh says");
static_assert(chat::clock_correction_max_ms == 2'000, "as the invariant of the time says");
static_assert(violations_told_max == 10, "as the integrity check is told");

finding look_at(database& db, const invariant& each) {
    finding out{each.says, 0, each.of, {}};
    try {
        statement count = db.query(each.count);
        if (count.next()) out.count = count.integer(0);
        statement row = db.query(each.violations);
        while (out.violations.size() < violations_told_max && row.next())
            if (const std::string line = row.text(0); line != sound)
                out.violations.push_back(protocol::to_single_line(line));
    } catch (const sqlite_error& error) {  // what is damaged may not even be readable
        out.violations.push_back(error.what());
    }
    return out;
}

finding look_at_texts(database& db) {
    finding out{"every text is UTF-8", 0, "rows", {}};
    try {
        for (const walk& tree : all_walks()) {
            statement row = rows_after(db, tree, first_key(tree));
            for (; row.next(); ++out.count)
                if (!has_sound_texts(row) && out.violations.size() < violations_told_max)
                    out.violations.push_back(std::string(tree.tree) + ": row " +
                                             in_words(key_of(row, tree)) + " is not");
        }
    } catch (const sqlite_error& error) {
        out.violations.push_back(error.what());
    }
    return out;
}

}  // namespace

// Data of an older version are looked at as they would be today.
static void migrate_to_look(database& db, const check_listener& told) {
    finding out{"the tables of an older version become those of today", 1, "files", {}};
    try {
        db.execute("PRAGMA query_only = OFF");
        migrate_in_transaction(db);
    } catch (const sqlite_error& error) {
        out.violations.push_back(error.what());
    }
    told.ends(out);
}

void check_invariants(database& db, const check_listener& told) {
    db.run("BEGIN");
    if (schema_version_of(db) < schema_version) migrate_to_look(db, told);
    for (const invariant& each : all_invariants) {
        if (told.begins) told.begins(each.says);
        told.ends(look_at(db, each));
    }
    told.ends(look_at_texts(db));
    db.execute("ROLLBACK");  // the file stays as it was
}

std::string first_violation(database& db) {
    std::string first;
    check_invariants(db, {{}, [&](const finding& each) {
                              if (first.empty() && !each.violations.empty())
                                  first = each.violations.front();
                          }});
    return first;
}

}  // namespace parley::storage
