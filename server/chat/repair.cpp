// What a hub does when the bus lost hints: each room reads what it lacks once, for everyone who is
// live there, and each person's list of rooms is read once, for all their connections.
#include "server/chat/hub.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace parley::chat {

void hub::hints_lost() {
    std::vector<std::string> doubtful;  // a ledger that refuses at once may empty a room
    for (const auto& [name, place] : rooms_) {
        place->doubt();
        if (place->runs().must_read()) doubtful.push_back(name);
    }
    for (const std::string& name : doubtful)
        if (const auto found = rooms_.find(name); found != rooms_.end()) repair(*found->second);
    std::vector<std::string> users;
    for (const auto& [user, followed] : people_)
        if (!list_keepers(user).empty()) users.push_back(user);
    for (participant* one : participants_)
        if (!one->keeps_a_list()) one->doubt_list();
    for (const std::string& user : users) doubt_list(user);
    check_sessions(0, participants_.size());
    check_names();
}

void hub::check_names() {
    std::vector<std::string> unproved;
    for (const auto& [user, followed] : people_) {
        const auto gives_way = [](const participant* one) { return one->who().gives_way(); };
        if (std::any_of(followed.connections.begin(), followed.connections.end(), gives_way))
            unproved.push_back(user);
    }
    for (const std::string& user : unproved) check_name(user);
}

// Whether somebody signed in under a name that a connection bears without a session. This shard is
// interested in the person already, so that nobody who does so later is missed.
void hub::check_name(const std::string& user) {
    pages_.ask(find_person{user}, reader_, [this, user](const answer_to<find_person>& what) {
        const auto* const found = std::get_if<found_person>(&what);
        if (!found) return void(names_to_check_.insert(user));
        if (found->account || found->guest_signed_in) hear(name_taken{user});
    });
}

void hub::check_names_again() {
    for (const std::string& user : std::exchange(names_to_check_, {}))
        if (people_.contains(user)) check_name(user);
}

void hub::repair(room& place) {
    feed& runs = place.runs();
    if (!runs.must_read()) return;
    if (runs.is_far_behind()) return place.give_up_missing();
    const participant* const reader = place.live_member(ticks_);
    if (!reader) return runs.stop();
    runs.reading_began();
    counted_.repairs.add();
    read_run missing{.room = place.name(),
                     .by = reader->who(),
                     .seq = runs.end(),
                     .limit = protocol::limits::history_page_max};
    pages_.ask(std::move(missing), place.weak_from_this(),
               [this, there = place.weak_from_this()](answer_to<read_run> found) {
                   if (const auto lacking = there.lock()) page_read(*lacking, std::move(found));
               });
}

void hub::page_read(room& place, answer_to<read_run> found) {
    const std::uint64_t before = place.runs().begun() ? place.runs().end() : 0;
    if (auto* const read = std::get_if<page>(&found))
        place.collect_missing(std::move(*read), encoded_here_);
    else if (place.runs().begun())
        place.runs().reading_failed();
    if (!place.owed().empty()) owes(place);
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

// As one connection after the other, because the session of one may have ended. What changed is
// read for the one that was sent least.
void hub::read_list(const std::string& user) {
    std::vector<participant*> theirs;
    for (participant* one : list_keepers(user))
        one->is_behind() ? one->doubt_list() : theirs.push_back(one);
    if (theirs.empty()) {
        lists_.erase(user);
        return;
    }
    lists_[user] = {.is_read = true, .doubted = false};
    std::uint64_t since = protocol::limits::integer_max;
    for (const participant* one : theirs) since = std::min(since, one->sent_until());
    pages_.ask(read_rooms{.by = theirs[ticks_ % theirs.size()]->who(), .also = {}, .since = since},
               reader_,
               [this, user, since, begun = rooms_begun_](const answer_to<read_rooms>& found) {
                   list_read(user, since, begun, found);
               });
}

// Who came since then may lack changes from before `since`, which were not read. `rooms_begun`: as
// in conversation::welcome().
void hub::list_read(const std::string& user, std::uint64_t since, std::uint64_t rooms_begun,
                    const answer_to<read_rooms>& found) {
    list_state& list = lists_[user];
    list.is_read = false;
    const auto* const read = std::get_if<room_list>(&found);
    if (!read) {
        list.doubted = true;  // it is read again at the next tick
        return;
    }
    for (participant* each : list_keepers(user)) {
        if (each->is_behind())
            each->doubt_list();
        else if (each->sent_until() < since)
            list.doubted = true;
        else
            each->list_read(*read);
    }
    // What was committed since the list was read, in a room that was not followed yet, is read now.
    for (const auto& one : read->rooms) {
        const auto place = rooms_.find(one.room);
        if (place != rooms_.end() && place->second->number() > rooms_begun) list.doubted = true;
    }
    if (list.doubted)
        read_list(user);
    else
        lists_.erase(user);
}

std::vector<participant*> hub::list_keepers(const std::string& user) const {
    std::vector<participant*> found;
    if (const auto entry = people_.find(user); entry != people_.end())
        std::copy_if(entry->second.connections.begin(), entry->second.connections.end(),
                     std::back_inserter(found),
                     [](const participant* one) { return one->keeps_a_list(); });
    return found;
}

void hub::check_invariants() const {
    for (const auto& [name, place] : rooms_) place->check_invariants();
}

}  // namespace parley::chat
