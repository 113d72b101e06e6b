// The stored form is a `person` notice with all records.
#include "wasm-client/state/personal.hpp"

#include "shared/protocol/codec.hpp"

namespace parley::state {

void personal_log::take(std::uint64_t seq, bool anew, const change_list& changes) {
    if (anew) records_.clear();
    for (const protocol::personal_record& change : changes) put(change.body);
    seq_ = seq;
}

void personal_log::put(const protocol::personal_body& body) {
    if (!protocol::is_kept_kind(body)) return;
    std::pair key(std::string(protocol::kind_of(body)), protocol::key_of(body));
    if (protocol::is_gone(body))
        records_.erase(key);
    else
        records_.insert_or_assign(std::move(key), body);
}

personal_log::change_list personal_log::records() const {
    change_list all;
    for (const auto& [key, body] : records_) all.push_back({.body = body});
    return all;
}

bool is_same(const protocol::personal_body& record, const protocol::personal_body& other) {
    return record.index() == other.index() &&
           protocol::encode_body(record) == protocol::encode_body(other);
}

std::string personal_key(std::string_view user) {
    return "parley/person/" + std::string(user) + "/";
}

std::string to_stored(const personal_log& log) {
    std::string text = protocol::encode(protocol::person{
        .seq = log.seq().value_or(0), .anew = true, .changes = log.records(), .rooms = {}});
    return text.size() <= stored_records_bytes_max ? text : std::string();
}

std::optional<personal_log> personal_from_stored(std::string_view text) {
    const auto read = protocol::decode_notice(text);
    const auto* const notice = std::get_if<protocol::notice>(&read);
    const auto* const person = notice ? std::get_if<protocol::person>(notice) : nullptr;
    if (!person) return std::nullopt;
    personal_log log;
    log.take(person->seq, true, person->changes);
    return log;
}

}  // namespace parley::state
