// Followed from the newest wording back to the message itself.
#include "server/storage/versions.hpp"

#include "server/chat/rules.hpp"
#include "server/storage/rows.hpp"
#include "shared/protocol/limits.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace parley::storage {
namespace {

std::optional<protocol::event> find_event(database& db, std::uint64_t room, std::uint64_t seq) {
    statement row = db.query(
        "SELECT seq, at, author, kind, nonce, said, body FROM events WHERE room_id = ? AND seq = ?",
        room, seq);
    if (!row.next()) return std::nullopt;
    return event_at(row);
}

chat::refusal refused(protocol::error_code code, std::string message) {
    return {.code = code, .message = std::move(message), .field = "target"};
}

}  // namespace

std::vector<std::uint64_t> edits_of(database& db, std::uint64_t room, std::uint64_t target,
                                    std::uint64_t rev) {
    std::vector<std::uint64_t> seqs;
    while (rev != target && seqs.size() <= protocol::limits::edits_max) {
        const auto event = find_event(db, room, rev);
        const auto* const edit = event ? protocol::as<protocol::edited>(*event) : nullptr;
        if (!edit) break;
        seqs.push_back(rev);
        rev = edit->base;
    }
    return seqs;
}

chat::answer look_up(database& db, const chat::read_versions& wanted) {
    const auto room = find_room(db, wanted.room);
    if (auto why = chat::refuse_entry(room ? &*room : nullptr, wanted.by.user)) return *why;
    const auto message = find_message(db, room->id, wanted.target);
    if (!message) return refused(protocol::error_code::not_found, "there is no such message");
    if (protocol::text_of(*message).empty())
        return refused(protocol::error_code::gone, "the message was deleted");
    std::vector<std::uint64_t> seqs =
        edits_of(db, room->id, wanted.target, protocol::rev_of(*message));
    seqs.push_back(wanted.target);
    chat::version_list list;
    std::size_t bytes = 0;
    for (const std::uint64_t seq : seqs) {
        const auto event = find_event(db, room->id, seq);
        const std::string text(event ? protocol::text_of(*event) : std::string_view());
        bytes += text.size();
        list.more = bytes > chat::page_bytes_max;
        if (list.more) break;
        list.versions.push_back({.rev = seq, .at = event->at, .text = text});
    }
    std::reverse(list.versions.begin(), list.versions.end());
    return list;
}

}  // namespace parley::storage
