// What a hub does when the bus lost hints: each room reads what it lacks once, for everyone who is
// live there, and each person's list of rooms is read once, for all their connections.
#include "server/chat/hub.hpp"

#include <algorithm>
#include <utility>

namespace parley::chat {

void hub::hints_lost() {
    ++commits_heard_;
    std::vector<std::shared_ptr<room>> doubtful;  // a ledger that refuses at once may empty a room
    for (const auto& [name, place] : rooms_) doubtful.push_back(place);
    for (const auto& place : doubtful) {
        place->doubt();
        repair(*place);
    }
    std::vector<std::string> users;
    for (const participant* one : participants_)
        if (one->keeps_a_list()) users.push_back(one->who().user);
    std::sort(users.begin(), users.end());
    users.erase(std::unique(users.begin(), users.end()), users.end());
    for (const std::string& user : users) doubt_list(user);
}

void hub::repair(room& place) {
    feed& runs = place.runs();
    if (!runs.must_read()) return;
    if (runs.is_far_behind()) return place.give_up_missing();
    const participant* const reader = place.live_member(ticks_);
    if (!reader) return runs.stop();
    runs.reading_began();
    counted_.repairs.add();
    read_page missing{place.name(), reader->who(), read_page::direction::after, runs.end(),
                      protocol::limits::history_page_max};
    pages_.ask(std::move(missing), place.weak_from_this(),
               [this, there = place.weak_from_this()](answer found) {
                   if (const auto lacking = there.lock()) page_read(*lacking, std::move(found));
               });
}

void hub::page_read(room& place, answer found) {
    const std::uint64_t before = place.runs().begun() ? place.runs().end() : 0;
    if (auto* const read = std::get_if<page>(&found))
        place.collect_missing(std::move(*read), encoded_here_);
    else if (place.runs().begun())
        place.runs().reading_failed();
    if (!place.owed().empty()) owes(place);
    head_changed(place);
    if (!place.runs().must_read()) return;
    if (place.runs().end() > before)
        repair(place);
    else
        rooms_to_repair_.push_back(place.name());
}

void hub::repair_again() {
    for (const std::string& name : std::exchange(rooms_to_repair_, {}))
        if (const auto found = rooms_.find(name); found != rooms_.end()) repair(*found->second);
    std::vector<std::string> users;
    for (const auto& [user, list] : lists_)
        if (!list.is_read) users.push_back(user);
    for (const std::string& user : users) read_list(user);
}

void hub::doubt_list(const std::string& user) {
    list_state& list = lists_[user];
    list.doubted = true;
    if (!list.is_read) read_list(user);
}

// As one connection after the other, because the session of one may have ended.
void hub::read_list(const std::string& user) {
    const auto theirs = list_keepers(user);
    if (theirs.empty()) {
        lists_.erase(user);
        return;
    }
    lists_[user] = {.is_read = true, .doubted = false};
    pages_.ask(read_rooms{theirs[ticks_ % theirs.size()]->who(), {}}, lists_reader_,
               [this, user](answer found) { list_read(user, std::move(found)); });
}

void hub::list_read(const std::string& user, answer found) {
    list_state& list = lists_[user];
    list.is_read = false;
    const auto* const read = std::get_if<room_list>(&found);
    if (!read) {
        list.doubted = true;  // it is read again at the next tick
        return;
    }
    for (participant* each : list_keepers(user)) each->list_read(*read);
    if (list.doubted)
        read_list(user);
    else
        lists_.erase(user);
}

std::vector<participant*> hub::list_keepers(const std::string& user) const {
    std::vector<participant*> found;
    const auto [first, last] = by_user_.equal_range(user);
    for (auto entry = first; entry != last; ++entry)
        if (entry->second->keeps_a_list()) found.push_back(entry->second);
    return found;
}

void hub::check_invariants() const {
    for (const auto& [name, place] : rooms_) place->check_invariants();
}

}  // namespace parley::chat
