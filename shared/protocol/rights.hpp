// Who may do what: one table for both ends. The server asks it inside the transaction, the page
// before it offers something.
#pragma once

#include "shared/protocol/codes.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>

namespace parley::protocol {

enum class actor : std::uint8_t {
    nobody,  // a name for one connection, which nobody has proved
    guest,   // signed in under a guest's name
    member,  // an account
    owner
};

enum class action : std::uint8_t {
    read,
    send,
    edit,
    delete_message,
    react,
    pin,
    create_room,
    open_direct,
    join,
    leave,
    mark  // stays the last: the words below are checked against it
};
inline constexpr std::array<std::string_view, 11> action_words{
    "read",        "send",        "edit", "delete", "react", "pin",
    "create_room", "open_direct", "join", "leave",  "mark"};
static_assert(action_words.size() == static_cast<std::size_t>(action::mark) + 1);

std::optional<action> action_of(std::string_view word);

// What the room is for the actor. What needs no room is asked for a public one.
enum class room_access : std::uint8_t {
    hidden,  // there is none, or it is a direct room of others
    open,    // it is public
    direct
};

// Whether the room is on the actor's list.
enum class membership_state : std::uint8_t { outside, inside };

// Whose message it is that is changed.
enum class target_state : std::uint8_t { none, own, of_another, own_deleted, deleted_of_another };

// Why not, for the answer and for people.
struct reason {
    error_code code;
    std::string_view text;   // one line
    std::string_view field;  // empty: none in particular
};

// Nothing: they may.
std::optional<reason> why_not(actor who, action what, room_access room, membership_state membership,
                              target_state target = target_state::none);

// ---- the table: the first row that fits says why not. Whatever fits none is allowed.

namespace detail {

// Some of the values of an enumeration; empty: all of them.
template <class Value>
class some {
public:
    constexpr some() = default;
    constexpr some(std::initializer_list<Value> values) {
        for (const Value value : values) bits_ |= 1U << static_cast<unsigned>(value);
    }
    constexpr bool has(Value value) const {
        return bits_ == 0 || ((bits_ >> static_cast<unsigned>(value)) & 1U) != 0;
    }

private:
    std::uint32_t bits_ = 0;
};

struct right_row {
    some<action> actions{};
    some<actor> actors{};
    some<room_access> rooms{};
    some<membership_state> memberships{};
    some<target_state> targets{};
    reason why;
};

inline constexpr reason no_such_room{error_code::not_found, "there is no such room", "room"};
inline constexpr reason no_such_message{error_code::not_found, "there is no such message",
                                        "target"};
inline constexpr reason was_deleted{error_code::gone, "the message was deleted", "target"};

inline constexpr std::array right_table{
    right_row{.actions = {action::read, action::send, action::edit, action::delete_message,
                          action::react, action::pin, action::join, action::leave, action::mark},
              .rooms = {room_access::hidden},
              .why = no_such_room},
    // A guest's name passes to whoever takes it next.
    right_row{.actors = {actor::nobody, actor::guest},
              .rooms = {room_access::direct},
              .why = no_such_room},
    right_row{.actions = {action::open_direct},
              .actors = {actor::nobody, actor::guest},
              .why = {error_code::forbidden, "guests have no direct rooms: open an account", ""}},
    right_row{.actions = {action::join, action::leave, action::mark},
              .actors = {actor::nobody},
              .why = {error_code::forbidden, "sign in to keep a list of rooms", ""}},
    right_row{.actions = {action::mark},
              .memberships = {membership_state::outside},
              .why = {error_code::not_found, "not a room of yours", "room"}},
    right_row{.actions = {action::react},
              .actors = {actor::nobody},
              .why = {error_code::forbidden, "sign in to react to messages", ""}},
    right_row{.actions = {action::pin},
              .actors = {actor::nobody, actor::guest},
              .why = {error_code::forbidden, "guests pin no messages: open an account", ""}},
    right_row{.actions = {action::edit, action::delete_message, action::react, action::pin},
              .targets = {target_state::none},
              .why = no_such_message},
    right_row{.actions = {action::edit, action::delete_message},
              .actors = {actor::nobody},
              .why = {error_code::forbidden, "sign in to change what you said", "target"}},
    right_row{.actions = {action::edit},
              .targets = {target_state::of_another, target_state::deleted_of_another},
              .why = {error_code::forbidden, "only its author edits a message", "target"}},
    right_row{.actions = {action::delete_message},
              .targets = {target_state::of_another, target_state::deleted_of_another},
              .why = {error_code::forbidden, "only its author deletes a message", "target"}},
    right_row{.actions = {action::edit, action::react, action::pin},
              .targets = {target_state::own_deleted, target_state::deleted_of_another},
              .why = was_deleted},
};

}  // namespace detail

}  // namespace parley::protocol
