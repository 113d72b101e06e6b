// A step is never changed once it is released: files of every version are out there.
#include "server/storage/migrations.hpp"

#include "server/log/log.hpp"
#include "server/storage/schema.hpp"

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
};
static_assert(std::size(steps) == schema_version - 1 &&
              steps[schema_version - 2].to == schema_version);

}  // namespace

std::uint64_t schema_version_of(database& db) {
    statement row = db.query("PRAGMA user_version");
    return row.next() ? row.integer(0) : 0;
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
