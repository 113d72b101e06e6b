// As the rules of each command need it: a row that is missing here stops the program there.
#include "server/chat/keys.hpp"

#include "shared/protocol/vocabulary.hpp"

#include <algorithm>
#include <utility>

namespace parley::chat {
namespace {

void add_author(row_keys& keys, const identity& by) {
    if (!by.session.empty()) keys.sessions.push_back(by.session);
    if (by.gives_way()) keys.people.push_back(by.user);
}

// What every request names: its room, its author's session and membership there, or the message
// that it changes, and its nonce.
template <class Command>
void add_named(row_keys& keys, const Command& command) {
    const std::string& author = command.by.user;
    add_author(keys, command.by);
    keys.rooms.push_back(command.room);
    if constexpr (requires { command.target; })
        keys.messages.push_back({.room = command.room, .seq = command.target});
    else
        keys.members.emplace_back(author, command.room);
    if constexpr (requires { command.nonce.value(); }) {
        if (command.nonce) keys.nonces.emplace_back(author, *command.nonce);
    } else if constexpr (requires { command.nonce; }) {
        keys.nonces.emplace_back(author, command.nonce);
    }
}

template <class Request>
void add(row_keys& keys, const authored<Request>& command) {
    add_named(keys, command);
}
void add(row_keys& keys, const authored<protocol::delete_message>& command) {
    add_named(keys, command);
    keys.wordings.push_back(
        {.message = {.room = command.room, .seq = command.target}, .author = command.by.user});
}
template <protocol::keeps_record Request>
void add(row_keys& keys, const authored<Request>& command) {
    add_author(keys, command.by);
    if constexpr (requires { command.room; }) keys.rooms.push_back(command.room);
    if constexpr (requires { command.target; })
        keys.messages.push_back({.room = command.room, .seq = command.target});
    keys.records.push_back(key_of(command.by.user, command.record()));
}
void add(row_keys& keys, const authored<protocol::create_room>& command) {
    add_named(keys, command);
    keys.people.push_back(command.by.user);
    keys.server = true;
}
void add(row_keys& keys, const authored<protocol::open_direct>& command) {
    add_named(keys, command);
    keys.direct_rooms.push_back(people_of(command.by.user, command.people));
    keys.people.push_back(command.by.user);
    keys.people.insert(keys.people.end(), command.people.begin(), command.people.end());
    keys.server = true;
}
void add(row_keys& keys, const authored<protocol::join>& command) {
    add_named(keys, command);
    keys.people.push_back(command.by.user);
}
void add(row_keys& keys, const authored<protocol::leave>& command) {
    add_named(keys, command);
    keys.people.push_back(command.by.user);  // a message may bring it back
    for (const protocol::personal_body& body : protocol::records_ended_with(command.room))
        keys.records.push_back(key_of(command.by.user, body));
}
void add(row_keys& keys, const authored<protocol::mark>& command) {
    add_named(keys, command);
    keys.positions.push_back({command.room, command.seq});
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
