// What the twin in memory answers: it computes anew what the other keeps in rows.
#include "shared/protocol/names.hpp"
#include "tests/simulation/map_ledger.hpp"

#include <algorithm>

namespace parley::simulation {

using protocol::error_code;

std::optional<chat::refusal> map_ledger::refuse_entry(const std::string& room,
                                                      const chat::identity& who) const {
    const auto found = rooms_.find(room);
    return chat::refuse_entry(found == rooms_.end() ? nullptr : &found->second.row, who);
}

chat::answer_to<chat::read_page> map_ledger::find(const chat::read_page& wanted) const {
    using where = chat::read_page::direction;
    if (const auto why = refuse_entry(wanted.room, wanted.by)) return *why;
    const stored_room& stored = rooms_.at(wanted.room);
    const std::uint64_t top = stored.row.top, limit = wanted.limit;
    const bool upwards = wanted.where == where::after;
    chat::page out = page_of(stored, 1, top);
    if (wanted.where == where::before)
        out.to = std::min(top, std::max<std::uint64_t>(wanted.seq, 1) - 1);
    if (upwards) out.from = std::min(wanted.seq, top) + 1;
    std::deque<protocol::event> entries;
    for (std::uint64_t seq = out.from; seq <= out.to; ++seq)
        if (const auto& event = stored.events[seq - 1]; protocol::is_entry(event))
            entries.push_back(folded(stored, event));
    while (entries.size() > limit) upwards ? entries.pop_back() : entries.pop_front();
    if (entries.size() == limit && upwards && entries.back().seq < stored.row.entry)
        out.to = entries.back().seq;
    if (entries.size() == limit && !upwards && entries.front().seq > 1)
        out.from = entries.front().seq;
    out.events.assign(entries.begin(), entries.end());
    for (protocol::event& event : out.events) fold::show_to(event, wanted.by.user);
    out.more = upwards ? out.to < top : out.from > 1;
    return out;
}

chat::answer_to<chat::read_run> map_ledger::find(const chat::read_run& wanted) const {
    if (const auto why = refuse_entry(wanted.room, wanted.by)) return *why;
    const stored_room& stored = rooms_.at(wanted.room);
    chat::page out = page_of(stored, std::min(wanted.seq, stored.row.top) + 1, stored.row.top);
    out.to = std::min(out.to, out.from + wanted.limit - 1);
    for (std::uint64_t seq = out.from; seq <= out.to; ++seq)
        out.events.push_back(folded(stored, stored.events[seq - 1]));
    for (protocol::event& event : out.events) fold::show_to(event, wanted.by.user);
    out.more = out.to < out.top;
    return out;
}

chat::answer_to<chat::read_versions> map_ledger::find(const chat::read_versions& wanted) const {
    if (const auto why = refuse_entry(wanted.room, wanted.by)) return *why;
    const auto message = find_message({.room = wanted.room, .seq = wanted.target});
    if (!message) return refused(error_code::not_found);
    if (protocol::text_of(*message).empty()) return refused(error_code::gone);
    chat::version_list list;
    for (const protocol::event& event : rooms_.at(wanted.room).events)
        if (event.seq == wanted.target || protocol::target_of(event.body) == wanted.target)
            if (const auto text = protocol::text_of(event); !text.empty())
                list.versions.push_back(
                    {.rev = event.seq, .at = event.at, .text = std::string(text)});
    return list;
}

chat::page map_ledger::page_of(const stored_room& stored, std::uint64_t from, std::uint64_t to) {
    const chat::room_row& row = stored.row;
    return {.epoch = row.epoch,
            .top = row.top,
            .said = row.said,
            .shrunk = row.shrunk,
            .from = from,
            .to = to,
            .events = {},
            .more = false};
}

std::uint64_t map_ledger::unread(const std::string& room, const std::string& user) const {
    const stored_room& stored = rooms_.at(room);
    std::uint64_t count = 0;
    for (const protocol::event& event : stored.events)
        if (event.seq > stored.read_by.at(user).seq && event.author != user &&
            protocol::counts_as_unread(event.body) &&
            !protocol::text_of(folded(stored, event)).empty())
            ++count;
    return count;
}

protocol::room_summary map_ledger::summary_of(const stored_room& stored,
                                              const chat::identity& by) const {
    const auto member = stored.read_by.find(by.user);
    const bool joined = by.signed_in() && member != stored.read_by.end();
    protocol::room_summary out = chat::summary_of(
        stored.row, by.user, joined ? std::optional(member->second) : std::nullopt);
    if (joined) out.unread = unread(stored.row.name, by.user);
    return out;
}

chat::answer_to<chat::read_counts> map_ledger::find(const chat::read_counts& wanted) const {
    chat::room_counts out;
    for (const std::string& name : wanted.rooms) {
        const auto found = rooms_.find(name);
        if (found == rooms_.end()) continue;
        const auto summary = summary_of(found->second, wanted.by);
        if (!summary.joined || chat::refuse_entry(&found->second.row, wanted.by)) continue;
        out.counts.push_back({.room = name,
                              .unread = summary.unread,
                              .said = summary.said,
                              .read = summary.read,
                              .top = summary.top});
    }
    out.person = changes_since(wanted.by, {}).seq;
    return out;
}

chat::answer_to<chat::read_rooms> map_ledger::find(const chat::read_rooms& wanted) const {
    chat::room_list list;
    for (const auto& [name, stored] : rooms_) {
        const bool also =
            std::find(wanted.also.begin(), wanted.also.end(), name) != wanted.also.end();
        const bool joined = wanted.by.signed_in() && stored.read_by.contains(wanted.by.user);
        if ((!joined && !also) || chat::refuse_entry(&stored.row, wanted.by)) continue;
        list.rooms.push_back(summary_of(stored, wanted.by));
    }
    list.personal = changes_since(wanted.by, wanted.since);
    return list;
}

chat::answer_to<chat::read_public_rooms> map_ledger::find(
    const chat::read_public_rooms& wanted) const {
    chat::room_list list;
    for (const auto& [name, stored] : rooms_) {
        if (name <= wanted.after || stored.row.is_direct()) continue;
        list.rooms.push_back(summary_of(stored, wanted.by));
    }
    return list;
}

chat::answer_to<chat::find_session> map_ledger::find(const chat::find_session& wanted) const {
    for (const auto& [user, person] : people_)
        for (const auto& one : person.sessions)
            if (one.token_hash == wanted.token_hash)
                return chat::found_session{chat::identity{
                    .user = user, .session = one.name, .guest = protocol::is_guest(user)}};
    return chat::found_session{};
}

chat::answer_to<chat::find_person> map_ledger::find(const chat::find_person& wanted) const {
    const auto known = people_.find(wanted.user);
    if (known == people_.end()) return chat::found_person{};
    const chat::person_row& person = known->second;
    const bool guest = person.kind == chat::person_kind::guest;
    return chat::found_person{!guest, guest && !person.sessions.empty(), person.password_hash};
}

chat::answer_to<chat::check_sessions> map_ledger::find(const chat::check_sessions& wanted) const {
    chat::ended_sessions out;
    for (const std::string& session : wanted.sessions)
        if (!open_to_all_ && !find_session(session)) out.sessions.push_back(session);
    return out;
}

chat::answer_to<chat::read_sessions> map_ledger::find(const chat::read_sessions& wanted) const {
    chat::session_list list;
    const auto known = people_.find(wanted.user);
    if (known == people_.end()) return list;
    for (const auto& one : known->second.sessions)
        list.sessions.push_back({one.name, one.since, one.seen, false, one.client});
    return list;
}

}  // namespace parley::simulation
