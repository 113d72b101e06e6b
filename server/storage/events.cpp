// An edit names the wording before it: that is the way back to the message itself.
#include "server/storage/events.hpp"

#include "shared/protocol/codec.hpp"
#include "shared/protocol/limits.hpp"

#include <stdexcept>
#include <utility>

namespace parley::storage {

protocol::event event_at(const statement& row) {
    auto body = protocol::decode_body(row.text(3), row.text(6)).value_or(protocol::unknown_kind{});
    protocol::event out;
    out.seq = row.integer(0);
    out.at = row.integer(1);
    out.author = row.text(2);
    out.nonce = row.text_if_any(4);
    if (protocol::counts_as_unread(body)) out.said = row.integer(5);
    out.body = std::move(body);
    return out;
}

std::optional<protocol::event> find_event(database& db, std::uint64_t room, std::uint64_t seq) {
    statement row = db.query(
        "SELECT seq, at, author, kind, nonce, said, body FROM events WHERE room_id = ? AND seq = ?",
        room, seq);
    if (!row.next()) return std::nullopt;
    return event_at(row);
}

std::optional<protocol::event> find_message(database& db, std::uint64_t room, std::uint64_t seq) {
    statement row = db.query(
        "SELECT e.seq, e.at, e.author, e.kind, e.nonce, e.said, coalesce(f.body, e.body) FROM "
        "events e LEFT JOIN folds f ON f.room_id = e.room_id AND f.seq = e.seq "
        "WHERE e.room_id = ? AND e.seq = ? AND e.kind = ?",
        room, seq, protocol::message::type);
    if (!row.next()) return std::nullopt;
    protocol::event found = event_at(row);
    if (!protocol::as<protocol::message>(found)) return std::nullopt;  // its body is damaged
    return found;
}

std::vector<protocol::event> wordings_of(database& db, std::uint64_t room, std::uint64_t target,
                                         std::uint64_t rev) {
    std::vector<protocol::event> wordings;
    for (std::optional<std::uint64_t> seq = rev; seq;) {
        auto event = find_event(db, room, *seq);
        const auto before = event ? protocol::wording_before(event->body) : std::nullopt;
        const bool is_sound = event && wordings.size() <= protocol::limits::edits_max &&
                              before.has_value() == (*seq != target) && (!before || *before < *seq);
        if (!is_sound) throw std::runtime_error("the wordings of a message cannot be followed");
        wordings.push_back(std::move(*event));
        seq = before;
    }
    return wordings;
}

}  // namespace parley::storage
