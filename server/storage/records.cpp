// What is gone leaves a trace for as long as some device may ask what changed.
#include "server/storage/records.hpp"

#include "server/storage/json_names.hpp"
#include "shared/protocol/codec.hpp"
#include "shared/protocol/limits.hpp"

#include <utility>

namespace parley::storage {

namespace limits = protocol::limits;

void load_logs(database& db, const std::vector<std::string>& users, chat::working_set& set) {
    if (users.empty()) return;
    statement rows = db.query(
        "SELECT l.user, l.seq, l.bytes FROM json_each(?) k CROSS JOIN logs l ON l.user = "
        "k.value",
        as_json(users));
    while (rows.next())
        set.load_log(rows.text(0), chat::log_row{.seq = rows.integer(1), .bytes = rows.integer(2)});
    for (const std::string& user : users) set.load_log(user, std::nullopt);
}

void load_record(database& db, const chat::record_key& key, chat::working_set& set) {
    statement row = db.query("SELECT body FROM records WHERE user = ? AND kind = ? AND key = ?",
                             key.user, key.kind, key.key);
    set.load_record(
        key, row.next() ? protocol::decode_personal_body(key.kind, row.text(0)) : std::nullopt);
}

void save_log(database& db, const std::string& user, const chat::log_row& log) {
    db.run(
        "INSERT INTO logs (user, seq, bytes) VALUES (?, ?, ?) ON CONFLICT (user) DO "
        "UPDATE SET seq = excluded.seq, bytes = excluded.bytes",
        user, log.seq, log.bytes);
}

void save_record(database& db, const chat::update_record& change) {
    const bool is_gone = protocol::is_gone(change.body);
    db.run(
        "INSERT INTO records (user, kind, key, seq, gone, body) VALUES (?, ?, ?, ?, ?, ?) ON "
        "CONFLICT (user, kind, key) DO UPDATE SET seq = excluded.seq, gone = excluded.gone, "
        "body = excluded.body",
        change.user, protocol::kind_of(change.body), protocol::key_of(change.body), change.seq,
        std::uint64_t{is_gone}, protocol::encode_body(change.body));
    if (is_gone)
        db.run("DELETE FROM records WHERE user = ? AND seq <= ? AND gone = 1", change.user,
               change.traces_until);
}

void delete_records(database& db, const std::string& user) {
    db.run("DELETE FROM records WHERE user = ?", user);
}

namespace {

// Those after `since`, in the order of their changes. `with_gone`: also what is gone.
std::vector<chat::kept_record> records_after(database& db, const std::string& user,
                                             std::uint64_t since, bool with_gone) {
    statement rows = db.query(
        "SELECT kind, body, seq FROM records WHERE user = ? AND seq > ? AND gone <= ? ORDER BY seq",
        user, since, std::uint64_t{with_gone});
    std::vector<chat::kept_record> found;
    while (rows.next())
        if (auto body = protocol::decode_personal_body(rows.text(0), rows.text(1)))
            found.push_back({.seq = rows.integer(2), .record = {.body = std::move(*body)}});
    return found;  // without those that a later version wrote
}

}  // namespace

std::uint64_t log_end(database& db, const chat::identity& by) {
    if (!by.signed_in()) return 0;
    statement row = db.query("SELECT seq FROM logs WHERE user = ?", by.user);
    return row.next() ? row.integer(0) : 0;
}

// Traces of what is gone can make the changes longer than all that is kept: then that is sent.
chat::personal_changes changes_since(database& db, const chat::identity& by,
                                     std::optional<std::uint64_t> since) {
    chat::personal_changes out{.seq = log_end(db, by)};
    if (out.seq == 0) return out;
    out.anew = chat::needs_all(since, out.seq);
    if (!out.anew) out.records = records_after(db, by.user, *since, true);
    out.anew = out.anew || chat::weight_of(out) > limits::personal_bytes_max;
    if (out.anew) out.records = records_after(db, by.user, 0, false);
    return out;
}

}  // namespace parley::storage
