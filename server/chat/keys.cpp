// As the rules of each command need it: a row that is missing here stops the program there.
#include "server/chat/keys.hpp"

#include "shared/protocol/vocabulary.hpp"

#include <algorithm>
#include <utility>

namespace parley::chat {
namespace {

void add_speaker(row_keys& keys, const identity& by) {
    if (!by.session.empty()) keys.sessions.push_back(by.session);
}

void add(row_keys& keys, const append& command) {
    add_speaker(keys, command.by);
    keys.rooms.push_back(command.room);
    keys.members.emplace_back(command.by.user, command.room);
    keys.nonces.emplace_back(command.by.user, command.nonce);
}
void add_nonce(row_keys& keys, const identity& by, const std::optional<std::string>& nonce) {
    if (nonce) keys.nonces.emplace_back(by.user, *nonce);
}
template <class Change>
void add_change(row_keys& keys, const Change& command) {
    add_speaker(keys, command.by);
    keys.rooms.push_back(command.room);
    keys.messages.push_back({.room = command.room, .seq = command.target});
    keys.nonces.emplace_back(command.by.user, command.nonce);
}
void add(row_keys& keys, const edit_message& command) { add_change(keys, command); }
void add(row_keys& keys, const delete_message& command) { add_change(keys, command); }
void add(row_keys& keys, const react_to_message& command) { add_change(keys, command); }
void add(row_keys& keys, const open_room& command) {
    add_speaker(keys, command.by);
    add_nonce(keys, command.by, command.nonce);
    keys.rooms.push_back(command.room);
    keys.people.push_back(command.by.user);
    keys.members.emplace_back(command.by.user, command.room);
    keys.server = true;
}
void add(row_keys& keys, const open_direct_room& command) {
    add_speaker(keys, command.by);
    keys.rooms.push_back(command.room);
    keys.direct_rooms.push_back(people_of(command.by.user, command.others));
    keys.people.push_back(command.by.user);
    keys.people.insert(keys.people.end(), command.others.begin(), command.others.end());
    keys.nonces.emplace_back(command.by.user, command.nonce);
    keys.server = true;
}
void add(row_keys& keys, const join_room& command) {
    add_speaker(keys, command.by);
    add_nonce(keys, command.by, command.nonce);
    keys.rooms.push_back(command.room);
    keys.people.push_back(command.by.user);
    keys.members.emplace_back(command.by.user, command.room);
}
void add(row_keys& keys, const leave_room& command) {
    add_speaker(keys, command.by);
    add_nonce(keys, command.by, command.nonce);
    keys.rooms.push_back(command.room);
    keys.people.push_back(command.by.user);  // a message may bring it back
    keys.members.emplace_back(command.by.user, command.room);
}
void add(row_keys& keys, const mark_read& command) {
    add_speaker(keys, command.by);
    keys.rooms.push_back(command.room);
    keys.positions.push_back({command.room, command.seq});
    keys.members.emplace_back(command.by.user, command.room);
}
void add_newcomer(row_keys& keys, const std::string& user) {
    keys.people.push_back(user);
    keys.rooms.emplace_back(protocol::lobby);
    keys.members.emplace_back(user, protocol::lobby);
    keys.server = true;
}
void add(row_keys& keys, const add_account& command) { add_newcomer(keys, command.session.user); }
void add(row_keys& keys, const add_guest& command) {
    add_newcomer(keys, command.session.user);
    keys.lists.push_back(command.session.user);
}
void add(row_keys& keys, const open_session& command) {
    keys.people.push_back(command.session.user);
}
void add(row_keys&, const use_sessions&) {}
void add(row_keys& keys, const end_session& command) { keys.people.push_back(command.user); }

}  // namespace

std::vector<std::string> people_of(const std::string& opener, std::vector<std::string> others) {
    others.push_back(opener);
    std::sort(others.begin(), others.end());
    return others;
}

void add_keys(row_keys& keys, const command& each) {
    std::visit([&keys](const auto& one) { add(keys, one); }, each);
}

}  // namespace parley::chat
