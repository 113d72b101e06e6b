// Followed from the newest wording back to the message itself.
#include "server/storage/versions.hpp"

#include "server/chat/rules.hpp"
#include "server/storage/events.hpp"
#include "server/storage/rows.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace parley::storage {
namespace {

chat::refusal refused(protocol::error_code code, std::string message) {
    return {.code = code, .message = std::move(message), .field = "target"};
}

}  // namespace

chat::answer_to<chat::read_versions> look_up(database& db, const chat::read_versions& wanted) {
    const auto room = find_room(db, wanted.room);
    if (auto why = chat::refuse_entry(room ? &*room : nullptr, wanted.by)) return *why;
    const auto message = find_message(db, room->id, wanted.target);
    if (!message) return refused(protocol::error_code::not_found, "there is no such message");
    if (protocol::text_of(*message).empty())
        return refused(protocol::error_code::gone, "the message was deleted");
    chat::version_list list;
    std::size_t bytes = 0;
    for (const protocol::event& event :
         wordings_of(db, room->id, wanted.target, protocol::rev_of(*message))) {
        const std::string text(protocol::text_of(event));
        bytes += text.size();
        list.more = bytes > chat::page_bytes_max;
        if (list.more) break;
        list.versions.push_back({.rev = event.seq, .at = event.at, .text = text});
    }
    std::reverse(list.versions.begin(), list.versions.end());
    return list;
}

}  // namespace parley::storage
