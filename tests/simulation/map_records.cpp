// What people have, in maps: sessions, logs, records.
#include "tests/simulation/map_ledger.hpp"

#include <algorithm>

namespace parley::simulation {

void map_ledger::load_log(const std::string& user, chat::working_set& set) const {
    const auto found = logs_.find(user);
    if (found != logs_.end()) return set.load_log(user, found->second);
    set.load_log(user, open_to_all_ ? std::optional(chat::log_row{}) : std::nullopt);
}

void map_ledger::load_record(const chat::record_key& key, chat::working_set& set) const {
    const auto found = records_.find(key);
    set.load_record(
        key, found == records_.end() ? std::nullopt : std::optional(found->second.record.body));
}

void map_ledger::write(const chat::working_set&, const chat::insert_session& change) {
    people_.at(change.user).sessions.push_back(change.session);
}
void map_ledger::write(const chat::working_set&, const chat::delete_session& change) {
    for (auto& [user, person] : people_)
        std::erase_if(person.sessions,
                      [&](const auto& session) { return session.name == change.session; });
}
void map_ledger::write(const chat::working_set&, const chat::touch_session& change) {
    for (auto& [user, person] : people_)
        for (auto& session : person.sessions)
            if (session.name == change.session) {
                session.seen = change.seen;
                session.expires = change.expires;
            }
}
void map_ledger::write(const chat::working_set& set, const chat::update_log& change) {
    logs_[change.user] = set.log_of(change.user);
}
void map_ledger::write(const chat::working_set&, const chat::update_record& change) {
    records_[chat::key_of(change.user, change.body)] = {.seq = change.seq,
                                                        .record = {.body = change.body}};
    if (!protocol::is_gone(change.body)) return;
    std::erase_if(records_, [&](const auto& entry) {
        return entry.first.user == change.user && entry.second.seq <= change.traces_until &&
               protocol::is_gone(entry.second.record.body);
    });
}
void map_ledger::write(const chat::working_set&, const chat::delete_records& change) {
    std::erase_if(records_, [&](const auto& entry) { return entry.first.user == change.user; });
}

chat::personal_changes map_ledger::changes_since(const chat::identity& by,
                                                 std::optional<std::uint64_t> since) const {
    chat::personal_changes out;
    const auto log = logs_.find(by.user);
    if (!by.signed_in() || log == logs_.end()) return out;
    out.seq = log->second.seq;
    out.anew = chat::needs_all(since, out.seq);
    for (const auto& [key, one] : records_)
        if (key.user == by.user &&
            (out.anew ? !protocol::is_gone(one.record.body) : one.seq > *since))
            out.records.push_back(one);
    std::sort(out.records.begin(), out.records.end(),
              [](const auto& a, const auto& b) { return a.seq < b.seq; });
    return out;
}

chat::personal_changes map_ledger::kept_by(const std::string& user) const {
    return changes_since(test::by(user), std::nullopt);
}

}  // namespace parley::simulation
