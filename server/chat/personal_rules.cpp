// What people keep: levels, stars, drafts, settings, saved messages.
#include "server/chat/judging.hpp"
#include "server/chat/rules.hpp"
#include "shared/protocol/codec.hpp"
#include "shared/protocol/limits.hpp"

#include <string>
#include <utility>

namespace parley::chat {
namespace judging {

using protocol::error_code;
namespace limits = protocol::limits;

namespace {

template <class Kind>
std::optional<refusal> refuse_content(const working_set& set, const identity& by,
                                      const Kind& record) {
    if constexpr (requires { record.room; })
        if (auto why = refuse_entry(set.room(record.room), by)) return why;
    if constexpr (requires { record.level; })
        if (!protocol::is_room_level(record.level))
            return refused(error_code::bad_field, "level: must be all, mentions or none", "level");
    if constexpr (requires { record.target; }) {
        const protocol::event* const event = set.message({record.room, record.target});
        const auto* const message = event ? protocol::as<protocol::message>(*event) : nullptr;
        if (!message) return refused(error_code::not_found, "there is no such message", "target");
        if (message->deleted) return refused(error_code::gone, "it was deleted", "target");
    }
    return std::nullopt;
}

// Whether it fits among the person's other records; `known` is what it replaces, or null.
std::optional<refusal> refuse_length(const working_set& set, const record_key& key,
                                     const protocol::personal_body* known,
                                     const protocol::personal_body& body) {
    const bool is_long = std::holds_alternative<protocol::draft>(body) ||
                         std::holds_alternative<protocol::saved>(body);
    const std::uint64_t most =
        limits::personal_bytes_max - (is_long ? limits::short_records_bytes : 0);
    const std::uint64_t freed = known ? protocol::personal_weight(*known) : 0;
    const std::uint64_t others = set.log_of(key.user).bytes - freed;
    if (others + protocol::personal_weight(body) <= most) return std::nullopt;
    return refused(error_code::limit, "all that you keep for yourself is too long", "");
}

receipt as_kept(const working_set& set, const std::string& user) {
    return {.at = set.now(), .session = {}, .person = set.log_of(user).seq};
}

// What changes nothing is not written. Nothing keeps a record from going.
template <protocol::kept_kind Kind>
outcome keep(working_set& set, const identity& by, Kind record) {
    if (auto why = refuse_speaker(set, by)) return *why;
    if (!by.signed_in())
        return refused(error_code::forbidden, "sign in to keep this for yourself", "");
    const bool goes = record.is_gone();
    if (auto why = goes ? std::nullopt : refuse_content(set, by, record)) return *why;
    protocol::personal_body body = std::move(record);
    const record_key key = key_of(by.user, body);
    const protocol::personal_body* const known = set.record(key);
    const bool is_same =
        goes ? !known : known && protocol::encode_body(*known) == protocol::encode_body(body);
    if (is_same) return as_kept(set, by.user);
    if (auto why = goes ? std::nullopt : refuse_length(set, key, known, body)) return *why;
    set.keep(by.user, std::move(body));
    return as_kept(set, by.user);
}

}  // namespace

template <>
outcome judge_one(working_set& set, const authored<protocol::set_level>& command) {
    return keep(set, command.by, command.record());
}
template <>
outcome judge_one(working_set& set, const authored<protocol::set_star>& command) {
    return keep(set, command.by, command.record());
}
template <>
outcome judge_one(working_set& set, const authored<protocol::set_draft>& command) {
    return keep(set, command.by, command.record());
}
template <>
outcome judge_one(working_set& set, const authored<protocol::change_setting>& command) {
    return keep(set, command.by, command.record());
}
template <>
outcome judge_one(working_set& set, const authored<protocol::save>& command) {
    return keep(set, command.by, command.record());
}

}  // namespace judging

bool needs_all(std::optional<std::uint64_t> since, std::uint64_t seq) {
    return !since || *since > seq || *since + protocol::limits::personal_log_window < seq;
}

std::size_t weight_of(const personal_changes& found) {
    std::size_t bytes = 0;
    for (const kept_record& one : found.records)
        bytes += protocol::personal_weight(one.record.body);
    return bytes;
}

}  // namespace parley::chat
